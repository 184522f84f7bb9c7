// The layout of state diagrams: edges go down but for those that close a cycle, boxes do not overlap, and
// edges stay clear of the boxes that they do not belong to.
#include "core/report/layered_layout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace gpsync::core::report {
namespace {

constexpr LayoutSizes kSizes;

void expect_no_overlap(const Graph& graph, const Layout& layout) {
    for (size_t a = 0; a < graph.widths.size(); ++a)
        for (size_t b = a + 1; b < graph.widths.size(); ++b)
            if (layout.centers[a].y == layout.centers[b].y) {
                EXPECT_GE(std::fabs(layout.centers[a].x - layout.centers[b].x) + 1e-6,
                          (graph.widths[a] + graph.widths[b]) / 2 + kSizes.node_gap);
            }
}

void expect_inside(const Graph& graph, const Layout& layout) {
    for (size_t i = 0; i < graph.widths.size(); ++i) {
        EXPECT_GE(layout.centers[i].x - graph.widths[i] / 2, -1e-6);
        EXPECT_LE(layout.centers[i].x + graph.widths[i] / 2, layout.width + 1e-6);
        EXPECT_LE(layout.centers[i].y + kSizes.node_height / 2, layout.height + 1e-6);
    }
}

void expect_ends_at_borders(const Graph& graph, const Layout& layout) {
    for (size_t i = 0; i < graph.edges.size(); ++i) {
        const auto [from, to] = graph.edges[i];
        for (const auto& [node, point] :
             {std::pair(from, layout.routes[i].front()), std::pair(to, layout.routes[i].back())}) {
            EXPECT_NEAR(std::fabs(point.y - layout.centers[node].y), kSizes.node_height / 2, 1e-6);
            EXPECT_LE(std::fabs(point.x - layout.centers[node].x), graph.widths[node] / 2);
        }
    }
}

// The points of a route in a layer keep their distance from the boxes there.
void expect_clear(const Graph& graph, const Layout& layout) {
    for (size_t i = 0; i < graph.edges.size(); ++i)
        for (size_t at = 1; at + 1 < layout.routes[i].size(); ++at)
            for (size_t node = 0; node < graph.widths.size(); ++node) {
                const Point& point = layout.routes[i][at];
                if (std::fabs(point.y - layout.centers[node].y) <= kSizes.node_height / 2 + 1e-6) {
                    EXPECT_GT(std::fabs(point.x - layout.centers[node].x), graph.widths[node] / 2);
                }
            }
}

TEST(LayeredLayout, Nothing) {
    EXPECT_TRUE(layered_layout({}, kSizes).centers.empty());
}

TEST(LayeredLayout, AChainIsStraight) {
    const Graph graph{{80, 120, 60}, {{0, 1}, {1, 2}}, {0}};
    const Layout layout = layered_layout(graph, kSizes);
    EXPECT_NEAR(layout.centers[0].x, layout.centers[1].x, 1e-6);
    EXPECT_NEAR(layout.centers[1].x, layout.centers[2].x, 1e-6);
    EXPECT_LT(layout.centers[0].y, layout.centers[1].y);
    EXPECT_LT(layout.centers[1].y, layout.centers[2].y);
    EXPECT_NEAR(layout.width, 120, 1e-6);
}

TEST(LayeredLayout, ACycleHasOneEdgeUp) {
    const Graph graph{{80, 80, 80}, {{0, 1}, {1, 2}, {2, 0}}, {0}};
    const Layout layout = layered_layout(graph, kSizes);
    EXPECT_LT(layout.centers[0].y, layout.centers[1].y);
    EXPECT_LT(layout.centers[1].y, layout.centers[2].y);
    EXPECT_GT(layout.routes[2].front().y, layout.routes[2].back().y);
    expect_clear(graph, layout);
}

TEST(LayeredLayout, ThereAndBackAreTwoLines) {
    const Graph graph{{80, 80}, {{0, 1}, {1, 0}}, {0}};
    const Layout layout = layered_layout(graph, kSizes);
    EXPECT_GT(std::fabs(layout.routes[0].front().x - layout.routes[1].back().x), 5);
}

TEST(LayeredLayout, AnyGraph) {
    std::mt19937 random(14);
    for (int round = 0; round < 200; ++round) {
        Graph graph;
        const size_t nodes = 1 + random() % 20;
        for (size_t i = 0; i < nodes; ++i) graph.widths.push_back(70 + random() % 150);
        for (size_t from = 0; from < nodes; ++from)
            for (size_t to = 0; to < nodes; ++to)
                if (from != to && random() % nodes < 2) graph.edges.emplace_back(from, to);
        graph.roots = {random() % nodes};
        const Layout layout = layered_layout(graph, kSizes);
        ASSERT_EQ(layout.routes.size(), graph.edges.size());
        expect_no_overlap(graph, layout);
        expect_inside(graph, layout);
        expect_ends_at_borders(graph, layout);
        expect_clear(graph, layout);
    }
}

}  // namespace
}  // namespace gpsync::core::report
