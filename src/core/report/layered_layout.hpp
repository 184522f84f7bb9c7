// Places the nodes of a small directed graph in layers from top to bottom and routes its edges between them:
// Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981):
// cycles are broken, layers are longest paths, long edges get a point in each layer, barycenters order a
// layer, and places are the means of the neighbours' as far as the order and the widths allow.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace gpsync::core::report {

struct Point {
    double x = 0, y = 0;
};

struct Graph {
    std::vector<double> widths;                    // of each node
    std::vector<std::pair<size_t, size_t>> edges;  // between two different nodes, each pair once at most
    std::vector<size_t> roots;                     // placed on top
};

struct Layout {
    std::vector<Point> centers;              // of each node
    std::vector<std::vector<Point>> routes;  // of each edge: from its source's border to its target's
    double width = 0, height = 0;
};

struct LayoutSizes {
    double node_height = 34, layer_gap = 44, node_gap = 22, port_gap = 16;
};

// REQUIRES: nodes and edges are few, since crossings are counted pair by pair.
Layout layered_layout(const Graph& graph, const LayoutSizes& sizes);

}  // namespace gpsync::core::report
