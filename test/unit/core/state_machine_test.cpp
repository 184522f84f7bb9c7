#include "core/state_machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/machine_diagram.hpp"

namespace gpsync::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

MachineDefinition provision() {
    return {{"RECEIVED", "PROCESSING", "COMPLETED", "FAILED", "VERIFIED", "ELIGIBLE"},
            {"RECEIVED"},
            {{"RECEIVED", "PROCESSING"},
             {"RECEIVED", "FAILED"},
             {"PROCESSING", "COMPLETED"},
             {"PROCESSING", "FAILED"},
             {"COMPLETED", "VERIFIED"},
             {"FAILED", "RECEIVED"},
             {"VERIFIED", "ELIGIBLE"}}};
}

StateMachine compiled(const MachineDefinition& definition) {
    auto result = StateMachine::compile(definition);
    EXPECT_TRUE(std::holds_alternative<StateMachine>(result));
    return std::get<StateMachine>(std::move(result));
}

DefinitionError fault_of(const MachineDefinition& definition) {
    auto result = StateMachine::compile(definition);
    EXPECT_TRUE(std::holds_alternative<DefinitionError>(result));
    return std::get<DefinitionError>(std::move(result));
}

std::vector<std::string> next_of(const StateMachine& machine, std::string_view state) {
    std::vector<std::string> names;
    for (StateId id : machine.next(machine.find(state))) names.push_back(machine.name(id));
    return names;
}

TEST(StateMachine, AllowsExactlyWhatIsListed) {
    auto definition = provision();
    auto machine = compiled(definition);
    for (const auto& from : definition.states)
        for (const auto& to : definition.states) {
            bool listed = std::count(definition.transitions.begin(), definition.transitions.end(),
                                     std::pair(from, to)) != 0;
            EXPECT_EQ(machine.allows(from, to), listed) << from << " to " << to;
        }
}

TEST(StateMachine, KnowsNoOtherStates) {
    auto machine = compiled(provision());
    for (const char* unknown :
         {"", " ", "RECEIVE", "RECEIVED ", "received", "RECEIVEE", "PROCESSINGPROCESSING"}) {
        EXPECT_EQ(machine.find(unknown), kNoState) << unknown;
        EXPECT_FALSE(machine.allows("RECEIVED", unknown));
        EXPECT_FALSE(machine.allows(unknown, "RECEIVED"));
        EXPECT_FALSE(machine.is_initial(unknown));
    }
}

TEST(StateMachine, KeepsTheOrderOfTheDefinition) {
    auto machine = compiled(provision());
    EXPECT_THAT(next_of(machine, "PROCESSING"), ElementsAre("COMPLETED", "FAILED"));
    EXPECT_THAT(next_of(machine, "ELIGIBLE"), ElementsAre());
    ASSERT_EQ(machine.initial().size(), 1u);
    EXPECT_TRUE(machine.is_initial("RECEIVED"));
    EXPECT_FALSE(machine.is_initial("FAILED"));
}

TEST(StateMachine, SayWhatIsWrong) {
    using enum DefinitionFault;
    auto fault = [](MachineDefinition d) { return fault_of(d).fault; };
    EXPECT_EQ(fault({}), kNoStates);
    EXPECT_EQ(fault({{"A", ""}, {"A"}, {}}), kEmptyState);
    EXPECT_EQ(fault({{std::string(256, 'x')}, {"A"}, {}}), kStateTooLong);
    EXPECT_EQ(fault({{"A", "A"}, {"A"}, {}}), kDuplicateState);
    EXPECT_EQ(fault({{"A"}, {}, {}}), kNoInitialState);
    EXPECT_EQ(fault({{"A"}, {"B"}, {}}), kUnknownInitialState);
    EXPECT_EQ(fault({{"A"}, {"A", "A"}, {}}), kDuplicateInitialState);
    EXPECT_EQ(fault({{"A"}, {"A"}, {{"B", "A"}}}), kUnknownSource);
    EXPECT_EQ(fault({{"A"}, {"A"}, {{"A", "A"}}}), kSelfTransition);
    EXPECT_EQ(fault({{"A", "B"}, {"A"}, {{"A", "B"}, {"A", "B"}}}), kDuplicateTransition);
    auto error = fault_of({{"A"}, {"A"}, {{"A", "B"}}});
    EXPECT_EQ(error.fault, kUnknownTarget);
    EXPECT_EQ(error.state, "A");
    EXPECT_EQ(error.target, "B");
}

TEST(StateMachine, TakesTheLargestAndNoLarger) {
    MachineDefinition definition;
    for (size_t i = 0; i < kMaxStates; ++i) definition.states.push_back("state_" + std::to_string(i));
    definition.initial = {"state_0"};
    for (size_t i = 1; i < kMaxStates; ++i)
        definition.transitions.emplace_back(definition.states[i - 1], definition.states[i]);
    auto machine = compiled(definition);
    for (size_t i = 0; i < kMaxStates; ++i) EXPECT_EQ(machine.find(definition.states[i]), i);
    EXPECT_TRUE(machine.allows("state_1022", "state_1023"));
    EXPECT_FALSE(machine.allows("state_1023", "state_1022"));
    definition.states.push_back("one_too_many");
    EXPECT_EQ(fault_of(definition).fault, DefinitionFault::kTooManyStates);
}

TEST(StateMachine, TellsNamesThatDifferInTheMiddle) {
    std::string a = "0123456789_A_0123456789", b = "0123456789_B_0123456789";
    auto machine = compiled({{a, b}, {a}, {{a, b}}});
    EXPECT_NE(machine.find(a), machine.find(b));
    EXPECT_EQ(machine.find("0123456789_C_0123456789"), kNoState);
}

TEST(ReadingOrder, GoesFromTheInitialStates) {
    EXPECT_THAT(reading_order({{"A", "B", "C", "D"}, {"D", "C"}, {{"C", "B"}, {"D", "X"}}}),
                ElementsAre("D", "C", "B", "A"));
}

TEST(Diagram, Mermaid) {
    EXPECT_EQ(write_mermaid(compiled({{"A", "B"}, {"A"}, {{"A", "B"}}})),
              "stateDiagram-v2\n    [*] --> A\n    A --> B\n    B --> [*]\n");
}

TEST(Diagram, MermaidQuotesHostileNames) {
    auto text = write_mermaid(compiled({{"s1", "\" as x\n[*] --> \"<script>"}, {"s1"}, {}}));
    EXPECT_THAT(text, HasSubstr("state \"s1\" as s0\n"));
    EXPECT_THAT(text, HasSubstr("state \"#34; as x#10;#91;#42;#93; --#62; #34;#60;script#62;\" as s1\n"));
    EXPECT_THAT(write_mermaid(compiled({{"End"}, {"End"}, {}})), HasSubstr("state \"End\" as s0\n"));
}

TEST(Diagram, Dot) {
    EXPECT_EQ(
        write_dot(compiled({{"A", "B"}, {"A"}, {{"A", "B"}}}), "m"),
        "digraph \"m\" {\n    rankdir=LR;\n    node [shape=box, style=rounded];\n    \"\" [shape=point];\n"
        "    \"A\" [label=\"A\"];\n    \"B\" [label=\"B\", peripheries=2];\n    \"\" -> \"A\";\n    \"A\" -> "
        "\"B\";\n}\n");
}

TEST(Diagram, DotQuotesHostileNames) {
    auto text =
        write_dot(compiled({{"A", "say \"hi\"\\N\r\n"}, {"A"}, {{"A", "say \"hi\"\\N\r\n"}}}), "m\"m");
    EXPECT_THAT(text, HasSubstr("digraph \"m\\\"m\" {\n"));
    EXPECT_THAT(text, HasSubstr("[label=\"say \\\"hi\\\"\\\\N\\r\\n\", peripheries=2];\n"));
    EXPECT_THAT(text, HasSubstr("\"A\" -> \"say \\\"hi\\\"\\\\N\\r\\n\";\n"));
}

TEST(StateMachine, ShortestPath) {
    const StateMachine machine = compiled(provision());
    const auto path = [&](const char* from, const char* to) {
        std::vector<std::string> names;
        for (StateId state : machine.shortest_path(machine.find(from), machine.find(to)))
            names.push_back(machine.name(state));
        return names;
    };
    EXPECT_THAT(path("RECEIVED", "PROCESSING"), ElementsAre("PROCESSING"));
    EXPECT_THAT(path("FAILED", "ELIGIBLE"),
                ElementsAre("RECEIVED", "PROCESSING", "COMPLETED", "VERIFIED", "ELIGIBLE"));
    EXPECT_THAT(path("PROCESSING", "RECEIVED"), ElementsAre("FAILED", "RECEIVED"));
    EXPECT_THAT(path("ELIGIBLE", "RECEIVED"), ElementsAre());
    EXPECT_THAT(path("RECEIVED", "RECEIVED"), ElementsAre());
    EXPECT_THAT(path("RECEIVED", "nowhere"), ElementsAre());
    // Of two paths of one length that through the state that was defined first.
    const StateMachine two =
        compiled({{"A", "B", "C", "D"}, {"A"}, {{"A", "C"}, {"A", "B"}, {"B", "D"}, {"C", "D"}}});
    const auto found = two.shortest_path(two.find("A"), two.find("D"));
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(two.next(two.find("A"))[0], found[0]);
}

}  // namespace
}  // namespace gpsync::core
