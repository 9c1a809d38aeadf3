/* list.h - an intrusive, circular, doubly linked list. The head is a node that holds nothing. */
#ifndef WH_CORE_BASE_LIST_H
#define WH_CORE_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct wh_list {
    struct wh_list *next, *prev; /* both NULL: never linked or removed */
};

/* The object that `node` is the member `member` of. */
#define WH_LIST_ENTRY(node, type, member) ((type *)((char *)(node)-offsetof(type, member)))

static inline void wh_list_init(struct wh_list *head)
{
    head->next = head->prev = head;
}

static inline bool wh_list_empty(const struct wh_list *head)
{
    return head->next == head;
}

static inline bool wh_list_linked(const struct wh_list *node)
{
    return node->next != NULL;
}

static inline void wh_list_push(struct wh_list *head, struct wh_list *node)
{
    node->prev = head->prev;
    node->next = head;
    head->prev->next = node;
    head->prev = node;
}

static inline void wh_list_remove(struct wh_list *node)
{
    if (!node->next)
        return;
    node->prev->next = node->next;
    node->next->prev = node->prev;
    node->next = node->prev = NULL;
}

/* First node, removed; NULL when empty. */
static inline struct wh_list *wh_list_pop(struct wh_list *head)
{
    struct wh_list *node = head->next;

    if (node == head)
        return NULL;
    wh_list_remove(node);
    return node;
}

#endif
