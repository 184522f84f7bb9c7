#include "core/report/layered_layout.hpp"

#include <algorithm>
#include <numeric>

namespace gpsync::core::report {

namespace {

constexpr int kOrderSweeps = 12;
constexpr int kPlaceSweeps = 40;
constexpr double kPointWidth = 10;  // of an edge that passes a layer

using Edges = std::vector<std::pair<size_t, size_t>>;
using Lists = std::vector<std::vector<size_t>>;

// The graph with a vertex for each node and for each layer that an edge passes; edges go down one layer.
struct Layers {
    std::vector<double> widths, x;
    std::vector<size_t> layer;
    Lists order;               // the vertices of each layer, from left to right
    Lists above, below;        // the neighbours of each vertex
    Lists chains;              // the vertices of each edge, from top to bottom
    std::vector<bool> turned;  // the edge goes up
};

// Which edges close a cycle, depth first from the roots.
class CycleBreaker {
  public:
    explicit CycleBreaker(const Graph& graph)
        : graph_(graph), turned_(graph.edges.size()), state_(graph.widths.size(), kNew), out_(state_.size()) {
        for (size_t i = 0; i < graph.edges.size(); ++i) out_[graph.edges[i].first].push_back(i);
    }

    std::vector<bool> turned() {
        for (size_t root : graph_.roots) visit(root);
        for (size_t node = 0; node < state_.size(); ++node) visit(node);
        return turned_;
    }

  private:
    enum State : unsigned char { kNew, kOpen, kDone };

    // REQUIRES: few nodes, since it recurs.
    void visit(size_t node) {
        if (state_[node] != kNew) return;
        state_[node] = kOpen;
        for (size_t edge : out_[node]) {
            const size_t target = graph_.edges[edge].second;
            if (state_[target] == kOpen)
                turned_[edge] = true;
            else
                visit(target);
        }
        state_[node] = kDone;
    }

    const Graph& graph_;
    std::vector<bool> turned_;
    std::vector<State> state_;
    Lists out_;
};

// The longest path to each node. REQUIRES: no cycle.
std::vector<size_t> layers_of(size_t nodes, const Edges& edges) {
    std::vector<size_t> layer(nodes, 0);
    for (size_t round = 0; round < nodes; ++round)
        for (const auto& [from, to] : edges) layer[to] = std::max(layer[to], layer[from] + 1);
    return layer;
}

size_t add_vertex(Layers& layers, size_t layer, double width) {
    layers.widths.push_back(width);
    layers.layer.push_back(layer);
    layers.above.emplace_back();
    layers.below.emplace_back();
    if (layers.order.size() <= layer) layers.order.resize(layer + 1);
    layers.order[layer].push_back(layers.widths.size() - 1);
    return layers.widths.size() - 1;
}

Layers build_layers(const Graph& graph) {
    Layers layers;
    layers.turned = CycleBreaker(graph).turned();
    Edges down = graph.edges;
    for (size_t i = 0; i < down.size(); ++i)
        if (layers.turned[i]) std::swap(down[i].first, down[i].second);
    const std::vector<size_t> layer = layers_of(graph.widths.size(), down);
    for (size_t node = 0; node < graph.widths.size(); ++node)
        add_vertex(layers, layer[node], graph.widths[node]);
    for (const auto& [from, to] : down) {
        std::vector<size_t> chain{from};
        for (size_t at = layer[from] + 1; at < layer[to]; ++at)
            chain.push_back(add_vertex(layers, at, kPointWidth));
        chain.push_back(to);
        for (size_t i = 0; i + 1 < chain.size(); ++i) {
            layers.below[chain[i]].push_back(chain[i + 1]);
            layers.above[chain[i + 1]].push_back(chain[i]);
        }
        layers.chains.push_back(std::move(chain));
    }
    return layers;
}

std::vector<size_t> ranks(const Layers& layers, const Lists& order) {
    std::vector<size_t> rank(layers.widths.size());
    for (const auto& row : order)
        for (size_t i = 0; i < row.size(); ++i) rank[row[i]] = i;
    return rank;
}

size_t crossings(const Layers& layers, const Lists& order) {
    const std::vector<size_t> rank = ranks(layers, order);
    size_t count = 0;
    for (const auto& row : order) {
        Edges edges;
        for (size_t vertex : row)
            for (size_t target : layers.below[vertex]) edges.emplace_back(rank[vertex], rank[target]);
        for (size_t i = 0; i < edges.size(); ++i)
            for (size_t j = i + 1; j < edges.size(); ++j)
                if ((edges[i].first < edges[j].first && edges[i].second > edges[j].second) ||
                    (edges[i].first > edges[j].first && edges[i].second < edges[j].second))
                    ++count;
    }
    return count;
}

double mean(const std::vector<size_t>& vertices, const std::vector<double>& places) {
    double sum = 0;
    for (size_t vertex : vertices) sum += places[vertex];
    return sum / static_cast<double>(vertices.size());
}

// Layers in turn, each by the barycenters of its neighbours in the one before.
void sweep_order(const Layers& layers, Lists& order, bool down) {
    for (size_t i = 0; i < order.size(); ++i) {
        auto& row = order[down ? i : order.size() - 1 - i];
        const std::vector<size_t> rank = ranks(layers, order);
        const std::vector<double> places(rank.begin(), rank.end());
        auto barycenter = [&](size_t vertex) {
            const auto& neighbours = down ? layers.above[vertex] : layers.below[vertex];
            return neighbours.empty() ? places[vertex] : mean(neighbours, places);
        };
        std::stable_sort(row.begin(), row.end(),
                         [&](size_t a, size_t b) { return barycenter(a) < barycenter(b); });
    }
}

void order_layers(Layers& layers) {
    Lists order = layers.order;
    size_t best = crossings(layers, order);
    for (int sweep = 0; sweep < kOrderSweeps && best > 0; ++sweep) {
        sweep_order(layers, order, sweep % 2 == 0);
        if (const size_t count = crossings(layers, order); count < best) {
            best = count;
            layers.order = order;
        }
    }
}

double distance(const Layers& layers, size_t left, size_t right, double gap) {
    return (layers.widths[left] + layers.widths[right]) / 2 + gap;
}

struct Wish {
    double place, weight;
};

// The places nearest to the wanted ones (weighted least squares) that keep the order and the distances: pool
// adjacent violators.
void place_row(Layers& layers, const std::vector<size_t>& row, const std::vector<Wish>& wishes, double gap) {
    struct Pool {
        double sum, weight;
        size_t count;
        double place() const { return sum / weight; }
    };
    std::vector<double> offset(row.size(), 0);
    for (size_t i = 1; i < row.size(); ++i)
        offset[i] = offset[i - 1] + distance(layers, row[i - 1], row[i], gap);
    std::vector<Pool> pools;
    for (size_t i = 0; i < row.size(); ++i) {
        pools.push_back({(wishes[i].place - offset[i]) * wishes[i].weight, wishes[i].weight, 1});
        while (pools.size() > 1 && pools[pools.size() - 2].place() > pools.back().place()) {
            const Pool last = pools.back();
            pools.pop_back();
            pools.back() = {pools.back().sum + last.sum, pools.back().weight + last.weight,
                            pools.back().count + last.count};
        }
    }
    size_t at = 0;
    for (const Pool& pool : pools)
        for (size_t i = 0; i < pool.count; ++i, ++at) layers.x[row[at]] = pool.place() + offset[at];
}

// Where its neighbours are. Edges that pass a layer count more, so that they are straight: the weights of
// Gansner et al., "A Technique for Drawing Directed Graphs" (1993), 4.2.
Wish wish_of(const Layers& layers, size_t vertex) {
    double sum = 0, weight = 0;
    for (const auto* neighbours : {&layers.above[vertex], &layers.below[vertex]})
        for (size_t neighbour : *neighbours) {
            const int points =
                (layers.widths[vertex] == kPointWidth) + (layers.widths[neighbour] == kPointWidth);
            const double omega = points == 0 ? 1 : points == 1 ? 2 : 8;
            sum += omega * layers.x[neighbour];
            weight += omega;
        }
    return weight > 0 ? Wish{sum / weight, weight} : Wish{layers.x[vertex], 1};
}

void place_layers(Layers& layers, double gap) {
    layers.x.assign(layers.widths.size(), 0);
    for (const auto& row : layers.order) place_row(layers, row, std::vector<Wish>(row.size(), {0, 1}), gap);
    for (int sweep = 0; sweep < kPlaceSweeps; ++sweep)
        for (size_t i = 0; i < layers.order.size(); ++i) {
            const auto& row = layers.order[sweep % 2 == 0 ? i : layers.order.size() - 1 - i];
            std::vector<Wish> wishes;
            for (size_t vertex : row) wishes.push_back(wish_of(layers, vertex));
            place_row(layers, row, wishes, gap);
        }
    double left = 0;
    for (size_t vertex = 0; vertex < layers.x.size(); ++vertex)
        left = std::min(left, layers.x[vertex] - layers.widths[vertex] / 2);
    for (double& x : layers.x) x -= left;
}

// Where edges leave or reach a node: side by side, in the order of where they come from.
class Ports {
  public:
    Ports(const Layers& layers, double gap) : layers_(layers), gap_(gap) {}

    double at(size_t vertex, size_t edge, bool bottom) const {
        std::vector<std::pair<double, size_t>> ends;
        for (size_t i = 0; i < layers_.chains.size(); ++i) {
            const auto& chain = layers_.chains[i];
            if ((bottom ? chain.front() : chain.back()) == vertex)
                ends.emplace_back(layers_.x[bottom ? chain[1] : chain[chain.size() - 2]], i);
        }
        std::sort(ends.begin(), ends.end());
        const auto found =
            std::find_if(ends.begin(), ends.end(), [&](const auto& e) { return e.second == edge; });
        const double count = static_cast<double>(ends.size());
        const double gap = std::min(gap_, (layers_.widths[vertex] - 16) / count);
        return layers_.x[vertex] + (static_cast<double>(found - ends.begin()) - (count - 1) / 2) * gap;
    }

  private:
    const Layers& layers_;
    const double gap_;
};

std::vector<Point> route(const Layers& layers, const Ports& ports, const LayoutSizes& sizes, size_t edge) {
    const auto& chain = layers.chains[edge];
    auto y = [&](size_t vertex) {
        return static_cast<double>(layers.layer[vertex]) * (sizes.node_height + sizes.layer_gap) +
               sizes.node_height / 2;
    };
    std::vector<Point> points;
    points.push_back({ports.at(chain.front(), edge, true), y(chain.front()) + sizes.node_height / 2});
    for (size_t i = 1; i + 1 < chain.size(); ++i)
        for (double half : {-sizes.node_height / 2, sizes.node_height / 2})
            points.push_back({layers.x[chain[i]], y(chain[i]) + half});
    points.push_back({ports.at(chain.back(), edge, false), y(chain.back()) - sizes.node_height / 2});
    if (layers.turned[edge]) std::reverse(points.begin(), points.end());
    return points;
}

}  // namespace

Layout layered_layout(const Graph& graph, const LayoutSizes& sizes) {
    Layout layout;
    if (graph.widths.empty()) return layout;
    Layers layers = build_layers(graph);
    order_layers(layers);
    place_layers(layers, sizes.node_gap);
    const Ports ports(layers, sizes.port_gap);
    const double step = sizes.node_height + sizes.layer_gap;
    for (size_t node = 0; node < graph.widths.size(); ++node)
        layout.centers.push_back(
            {layers.x[node], static_cast<double>(layers.layer[node]) * step + sizes.node_height / 2});
    for (size_t edge = 0; edge < graph.edges.size(); ++edge)
        layout.routes.push_back(route(layers, ports, sizes, edge));
    for (size_t vertex = 0; vertex < layers.x.size(); ++vertex)
        layout.width = std::max(layout.width, layers.x[vertex] + layers.widths[vertex] / 2);
    layout.height = static_cast<double>(layers.order.size()) * step - sizes.layer_gap;
    return layout;
}

}  // namespace gpsync::core::report
