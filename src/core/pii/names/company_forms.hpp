// The legal forms that companies have in their names: such a name is no person's.
#pragma once

#include <string_view>

namespace gpsync::core::pii {

// "Nordwind Logistik GmbH": the folded text ends in the legal form of a company.
bool is_a_company(std::string_view text);
// "株式会社みどり", "ООО Ромашка": the text, not folded, begins or ends with one in another script.
bool is_a_company_in_other_script(std::string_view text);

}  // namespace gpsync::core::pii
