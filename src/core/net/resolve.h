/* resolve.h - from a host name to its addresses, without blocking whoever asks.
 *
 * getaddrinfo() blocks and cannot be interrupted, so it runs on threads of our own: made when jobs
 * wait, at most WH_RESOLVE_THREADS_MAX, gone WH_RESOLVE_IDLE_MS after the last job, so that a
 * program that made one request is single-threaded again. Names are ASCII (IDN is done before).
 * Order is getaddrinfo's (RFC 6724); duplicates are removed; a family the machine has no address of
 * is left out (AI_ADDRCONFIG), except for numeric addresses and the loopback.
 *
 * Successful answers are kept for WH_RESOLVE_CACHE_MS (the system does not say for how long they
 * are valid, so it is short), at most WH_RESOLVE_CACHE_MAX of them, per name and family.
 */
#ifndef WH_CORE_NET_RESOLVE_H
#define WH_CORE_NET_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/net/addr.h"

#define WH_RESOLVE_THREADS_MAX 32
#define WH_RESOLVE_IDLE_MS     3000
#define WH_RESOLVE_CACHE_MS    10000
#define WH_RESOLVE_CACHE_MAX   64

enum wh_family {
    WH_FAMILY_ANY,
    WH_FAMILY_IPV4,
    WH_FAMILY_IPV6,
};

struct wh_resolve_job;

/* What became of a job. On a resolver thread, once. `addrs` is NULL unless err is WH_OK; it and
 * `reason` (one line for the trace, never NULL: "Name or service not known") are lent for the call:
 * take a reference to keep the list. Be short: note the result and wake somebody.
 * WH_E_NAME_NOT_RESOLVED, WH_E_NO_MEMORY. */
typedef void (*wh_resolve_done)(void *user, enum wh_err err, struct wh_addr_list *addrs,
                                const char *reason);

/* The addresses of `host` if they are known without asking anybody outside this machine: it is
 * numeric, in the cache, or "localhost" (which reads the hosts file).
 *
 * True with a reference in *out, or with *out NULL and *err set if that failed for good; false if
 * it takes a job. Numeric addresses take well under a microsecond. Any thread. */
bool wh_resolve_at_once(struct wh_addr_list **out, enum wh_err *err, const char *host,
                        uint16_t port, enum wh_family family);

/* Begin to look up `host`; done(user, ...) will tell.
 *
 * *job is set before done can run. Every job that was started is ended by one wh_resolve_cancel(),
 * also after done. `host` is copied. WH_E_NO_MEMORY (no memory or no thread), and then done is
 * never called; WH_E_NAME_NOT_RESOLVED at once for a name no resolver can know (empty, longer than
 * 253 bytes). Any thread. */
enum wh_err wh_resolve_start(struct wh_resolve_job **job, const char *host, uint16_t port,
                             enum wh_family family, wh_resolve_done done, void *user);

/* End a job and forget it; *job is NULL after, NULL is fine.
 *
 * After the return done is not running and will not run. If it runs at this moment on its thread,
 * this waits for it to return (so hold no lock that done takes), except when called by done itself.
 * A getaddrinfo() under way is abandoned: its answer is dropped, its thread returns by itself. */
void wh_resolve_cancel(struct wh_resolve_job **job);

/* Look up on the calling thread; blocks as long as the system's resolver does.
 *
 * A reference in *out, or WH_E_NAME_NOT_RESOLVED, WH_E_NO_MEMORY. *reason (may be NULL) gets the
 * line for the trace; static memory. */
enum wh_err wh_resolve_now(struct wh_addr_list **out, const char *host, uint16_t port,
                           enum wh_family family, const char **reason);

/* Forget the cached answers. */
void wh_resolve_flush(void);

/* How many resolver threads there are, busy or idle. */
unsigned wh_resolve_thread_count(void);

/* Test hook: called instead of getaddrinfo(), on a resolver thread or the caller's. NULL removes
 * it. Addresses come back as getaddrinfo's return value says; `free_list` frees what it gave. */
struct addrinfo;
struct wh_resolve_source {
    int (*lookup)(const char *host, const struct addrinfo *hints, struct addrinfo **out);
    void (*free_list)(struct addrinfo *list);
};
void wh_resolve_set_source(const struct wh_resolve_source *source);

#endif
