/* SPDX-License-Identifier: MIT
 *
 * How much a file asks to be drawn. Ten <use> of a group of ten <use> of a group ... are a few hundred bytes and
 * billions of shapes; patterns, markers, masks and filters multiply in the same way.
 *
 * Every element that is written is a node. What it asks for:
 *
 *     base(e)   = 1 + sum of cost(child) + sum of cost(what it names by href, clip-path, mask, filter)
 *     cost(e)   = base(e) * (1 + sum of cost(what fill, stroke, markers name: its children inherit those))
 *                 + points(e) * sum of cost(what marker-mid names)
 *     points(e) = bytes of its own path / 2 + the points of its children and of what it uses
 *
 * Both are worked out for each node once, in a depth-first walk with a stack of its own. A name that
 * leads back to a node under way is a circle. Gradients are paint, not elements, and cost nothing. */
#include "base/arena.h"
#include "base/map.h"
#include "media/svg.h"
#include "media/svg_parts.h"

#define COST_MAX ((int64_t)SVG_USES_MAX + 1) /* and no more: sums stop here */

struct svg_node {
    const struct svg_element *element;
    size_t first_child, last_child, next; /* the tree; `next` is the next sibling */
    size_t first_ref;                     /* index + 1 in refs */
    str id, classes;
    int64_t points, cost;
    enum { NODE_NEW, NODE_OPEN, NODE_DONE } state;
};

struct svg_ref {
    size_t next; /* index + 1 */
    str id;
    unsigned flags;
    size_t target; /* node, 0: none of that name */
};

void svg_graph_init(struct svg_graph *graph, struct arena *arena)
{
    *graph = (struct svg_graph){.arena = arena, .sheet = arena_new_one(arena, struct map)};
    map_init(graph->sheet, arena);
    (void)svg_graph_node(graph, 0, NULL); /* 0: none */
}

/* ---- building ---- */

size_t svg_graph_node(struct svg_graph *graph, size_t parent, const struct svg_element *element)
{
    if (graph->nodes_count == graph->nodes_cap) {
        size_t cap = graph->nodes_cap == 0 ? 64 : size_mul(graph->nodes_cap, 2);
        graph->nodes =
            arena_grow(graph->arena, graph->nodes, graph->nodes_cap * sizeof(struct svg_node),
                       size_mul(cap, sizeof(struct svg_node)), _Alignof(struct svg_node));
        graph->nodes_cap = cap;
    }
    size_t node = graph->nodes_count++;
    graph->nodes[node] = (struct svg_node){.element = element};
    if (parent != 0) {
        struct svg_node *above = &graph->nodes[parent];
        if (above->last_child == 0)
            above->first_child = node;
        else
            graph->nodes[above->last_child].next = node;
        above->last_child = node;
    }
    return node;
}

void svg_graph_id(struct svg_graph *graph, size_t node, str id)
{
    graph->nodes[node].id = str_copy(graph->arena, id);
}

void svg_graph_class(struct svg_graph *graph, size_t node, str classes)
{
    graph->nodes[node].classes = str_copy(graph->arena, classes);
}

void svg_graph_points(struct svg_graph *graph, size_t node, size_t count)
{
    graph->nodes[node].points = i64_from_size(count);
}

static size_t add_ref(struct svg_graph *graph, str id, unsigned flags, size_t next)
{
    if (graph->refs_count == SVG_REFS_MAX) {
        graph->too_many = true;
        return next;
    }
    if (graph->refs_count == graph->refs_cap) {
        size_t cap = graph->refs_cap == 0 ? 64 : size_mul(graph->refs_cap, 2);
        graph->refs =
            arena_grow(graph->arena, graph->refs, graph->refs_cap * sizeof(struct svg_ref),
                       size_mul(cap, sizeof(struct svg_ref)), _Alignof(struct svg_ref));
        graph->refs_cap = cap;
    }
    graph->refs[graph->refs_count++] = (struct svg_ref){.next = next, .id = id, .flags = flags};
    return graph->refs_count;
}

void svg_graph_ref(struct svg_graph *graph, size_t node, str id, unsigned flags)
{
    graph->nodes[node].first_ref =
        add_ref(graph, str_copy(graph->arena, id), flags, graph->nodes[node].first_ref);
}

void svg_graph_rule(struct svg_graph *graph, str key, str id, unsigned flags)
{
    size_t *first = map_get(graph->sheet, key);
    if (first == NULL) {
        first = arena_new_one(graph->arena, size_t);
        (void)map_set(graph->sheet, key, first);
    }
    *first = add_ref(graph, str_copy(graph->arena, id), flags, *first);
}

/* ---- following ---- */

static void add_sheet_refs(struct svg_graph *graph, size_t node, str key)
{
    const size_t *first = map_get(graph->sheet, key);
    for (size_t at = first == NULL ? 0 : *first; at != 0 && !graph->too_many;) {
        struct svg_ref rule = graph->refs[at - 1];
        graph->nodes[node].first_ref =
            add_ref(graph, rule.id, rule.flags, graph->nodes[node].first_ref);
        at = rule.next;
    }
}

static void apply_sheet(struct svg_graph *graph)
{
    for (size_t i = 1; i < graph->nodes_count && map_count(graph->sheet) > 0; i++) {
        const struct svg_node *node = &graph->nodes[i];
        str classes = node->classes;
        add_sheet_refs(graph, i, node->element->name);
        if (node->id.len > 0)
            add_sheet_refs(graph, i, str_join2(graph->arena, S("#"), node->id));
        while ((classes = str_trim(classes)).len > 0) {
            size_t n = 0;
            while (n < classes.len && !ascii_is_space(classes.ptr[n]))
                n++;
            add_sheet_refs(graph, i, str_join2(graph->arena, S("."), str_sub(classes, 0, n)));
            classes = str_from(classes, n);
        }
    }
}

static void find_targets(struct svg_graph *graph)
{
    struct map ids;
    map_init(&ids, graph->arena);
    for (size_t i = 1; i < graph->nodes_count; i++) {
        struct svg_node *node = &graph->nodes[i];
        if (node->id.len > 0 && map_get(&ids, node->id) == NULL) /* the first of a name counts */
            (void)map_set(&ids, node->id, node);
    }
    for (size_t i = 0; i < graph->refs_count; i++) {
        const struct svg_node *node = map_get(&ids, graph->refs[i].id);
        if (node != NULL && (node->element->flags & SVG_EL_GRADIENT) == 0)
            graph->refs[i].target = (size_t)(node - graph->nodes);
    }
}

static int64_t capped(int64_t n)
{
    return n < COST_MAX ? n : COST_MAX;
}

static void reckon(struct svg_graph *graph, struct svg_node *node)
{
    int64_t base = 1, points = node->points, inherited = 0, at_points = 0;
    for (size_t i = node->first_child; i != 0; i = graph->nodes[i].next) {
        base = capped(base + graph->nodes[i].cost);
        points = capped(points + graph->nodes[i].points);
    }
    for (size_t i = node->first_ref; i != 0; i = graph->refs[i - 1].next) {
        const struct svg_ref *ref = &graph->refs[i - 1];
        const struct svg_node *target = &graph->nodes[ref->target];
        if (ref->target == 0)
            continue;
        if (ref->flags & SVG_PROP_INHERITED)
            inherited = capped(inherited + target->cost);
        else
            base = capped(base + target->cost);
        if (ref->flags & SVG_PROP_AT_POINTS)
            at_points = capped(at_points + target->cost);
        if (ref->flags == 0)
            points = capped(points + target->points);
    }
    node->points = points;
    node->cost = capped(base * (1 + inherited) + points * at_points);
    node->state = NODE_DONE;
}

struct step {
    size_t node;
    size_t child; /* to look at next; 0: on to the refs */
    size_t ref;
};

/* The next node that `step` leads to; 0 when all were looked at. */
static size_t next_of(const struct svg_graph *graph, struct step *step)
{
    if (step->child != 0) {
        size_t child = step->child;
        step->child = graph->nodes[child].next;
        return child;
    }
    while (step->ref != 0) {
        const struct svg_ref *ref = &graph->refs[step->ref - 1];
        step->ref = ref->next;
        if (ref->target != 0)
            return ref->target;
    }
    return 0;
}

static struct step step_of(struct svg_graph *graph, size_t node)
{
    graph->nodes[node].state = NODE_OPEN;
    return (struct step){node, graph->nodes[node].first_child, graph->nodes[node].first_ref};
}

enum status svg_graph_check(struct svg_graph *graph, struct error *err)
{
    apply_sheet(graph);
    if (graph->too_many)
        return error_set(err, ST_TOO_BIG, "This SVG names parts of itself more than %d times.",
                         SVG_REFS_MAX);
    find_targets(graph);
    CHECK(graph->nodes_count > 1);
    struct step *stack = arena_new_array(graph->arena, struct step, graph->nodes_count);
    size_t depth = 0;
    stack[depth++] = step_of(graph, 1);
    while (depth > 0) {
        size_t next = next_of(graph, &stack[depth - 1]);
        if (next == 0) {
            reckon(graph, &graph->nodes[stack[--depth].node]);
        } else if (graph->nodes[next].state == NODE_OPEN) {
            return error_set(err, ST_INVALID, "A part of this SVG is drawn within itself (#%.*s).",
                             STR_ARG(graph->nodes[next].id));
        } else if (graph->nodes[next].state == NODE_NEW) {
            stack[depth++] = step_of(graph, next);
        }
    }
    if (graph->nodes[1].cost > SVG_USES_MAX)
        return error_set(err, ST_TOO_BIG,
                         "This SVG asks for more than %d shapes by using parts of itself again and "
                         "again; save it with its symbols expanded, or as a PNG.",
                         SVG_USES_MAX);
    return ST_OK;
}
