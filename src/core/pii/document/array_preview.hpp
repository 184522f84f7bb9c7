// The first elements of an array, read before it is visited: some arrays say by them, or by what stands
// beside the array, what their elements are.
//
//   {"columns": ["id", "email"], "rows": [[7, "joe@example.com"]]}   a table: rows are arrays
//   [["id", "email"], [7, "joe@example.com"]]                        a table whose first row has the names
//   [["firstName", "Ann"], ["tier", "gold"]]                         pairs of a name and its value
//   {"columnnames": ["id", "email"], "columnvalues": [7, "joe@example.com"]}   a row beside its names
//   ["4111", "1111", "1111", "1111"]                                 a number in groups
//   {"pin": [4, 8, 2, 1]}                                            a number that its name names, by digits
//   ["fn", {}, "text", "Ann Lee"]                                    a property of jCard (RFC 7095)
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpsync::core::pii {

class ArrayPreview {
  public:
    static constexpr size_t kMostColumns = 256;  // of a table; the cells of more count as without a name
    static constexpr size_t kPair = 2, kFewestGroups = 3, kMostGroups = 5, kMostDigits = 19;
    // Where a property has its parameters, an object, its type and its values.
    static constexpr size_t kParameters = 1, kType = 2, kValues = 3;

    // The array may be a row beside a list of names, so that it has to be read whatever it begins with.
    void expect_row(bool may_be_row) { may_be_row_ = may_be_row; }
    bool may_be_row() const { return may_be_row_; }
    // Its name names a number: its elements may be the digits of one.
    void expect_digits(bool may_be_digits) { may_be_digits_ = may_be_digits; }
    // Then its numbers are added by add(), too.
    bool may_be_digits() const { return may_be_digits_; }
    // It has to be read whatever its first element is.
    bool expects() const { return may_be_row_ || may_be_digits_; }
    // Then what the array holds, by add(): of a table the first row, else all elements.
    void begin(bool table) {
        table_ = table;
        texts_.clear();
    }
    // Of how many elements the array is read.
    size_t most() const {
        if (table_ || may_be_row_) return kMostColumns;
        return may_be_digits_ ? kMostDigits : kMostGroups;
    }
    void add(std::string_view text) { texts_.emplace_back(text); }
    // An element that is no string.
    void add_other() { texts_.emplace_back(); }
    // The elements say nothing.
    void clear() { texts_.clear(); }

    // The first element is an array.
    bool table() const { return table_; }
    // No name stands for other than a string.
    const std::vector<std::string>& texts() const { return texts_; }

    // Whether an array that is no table can be a pair or a number in groups, by the number of its elements
    // and the first of them, a string.
    static bool may_matter(size_t count, std::string_view first) {
        if (first.empty()) return false;
        const bool digit = first[0] >= '0' && first[0] <= '9';
        if (count == kPair) return !digit;
        if (count > kValues && count <= kMostGroups && is_property(first)) return true;
        return count >= kFewestGroups && count <= kMostGroups && digit;
    }
    // Whether what is no scalar may stand at this place behind what has been added: the parameters of a
    // property, and a value of several parts. It is added as other.
    bool may_hold(size_t at, bool object) const {
        if (table_ || may_be_row_ || texts_.empty() || !is_property(texts_[0])) return false;
        return object ? at == kParameters : at >= kValues;
    }
    // Properties that are somebody's.
    static bool is_property(std::string_view name) {
        for (std::string_view known : {"fn", "n", "nickname", "adr", "tel", "bday", "email"})
            if (name == known) return true;
        return false;
    }

  private:
    bool table_ = false, may_be_row_ = false, may_be_digits_ = false;
    std::vector<std::string> texts_;
};

}  // namespace gpsync::core::pii
