/* exchange.h - one request and its response, as a resumable machine.
 *
 * The front fills in what to send, then submits operations; each ends in exactly one completion.
 * Operations wait in line: what is submitted from inside a callback, or from another thread while
 * one is under way, comes after it. A synchronous exchange has no line: the calling thread goes in,
 * runs its operation to the end and comes out, and a second caller is refused meanwhile.
 *
 *      IDLE --> CONNECTING --> SENDING --> BODY --> AWAITING --> READING --> DONE
 *                   ^             |          |          |           |
 *                   +-------------+----------+----------+ stale     +--> FAILED (from anywhere)
 *                   +-- DRAINING <-- JUDGING <-- AWAITING
 *
 * The response may be looked at, under the task's lock, once the state is JUDGING, READING, DONE or
 * FAILED with a head; the state is published after what it promises.
 *
 * RECEIVE may take several legs: a response is the application's only if the owner's judge says so.
 * Otherwise the request goes out again, as the judge has rewritten it (exchange_again.c).
 *
 * Behind a proxy that is asked for a tunnel, CONNECTING has messages of its own (exchange_tunnel.c).
 *
 * Nothing in here blocks and nothing knows who drives it (task.h). News come back through one
 * function, in the order they happen, on the thread that runs the machine:
 *
 *   notices      what the network does, in the middle of an operation. Submitting from inside one
 *                only queues.
 *   completions  of operations, for asynchronous exchanges, one after the other. Submitting from
 *                inside one runs the machine again, nested, at most WH_NEST_MAX deep; past that, and
 *                always for SEND, the completion comes from the reactor.
 *
 * Where a synchronous SEND ends when the request is written, an asynchronous one with no body left
 * to write ends when the response head is there, so that RECEIVE never has to wait (fact 133): it
 * completes in-line even on a thread that SEND's completion, still being told elsewhere, has woken.
 *
 * RFC 9110, RFC 9112.
 */
#ifndef WH_CORE_HTTP_EXCHANGE_H
#define WH_CORE_HTTP_EXCHANGE_H

#include "core/base/buf.h"
#include "core/http/content_coding.h"
#include "core/http/h1_body.h"
#include "core/http/h1_head.h"
#include "core/http/headers.h"
#include "core/net/connect.h"
#include "core/net/limit.h"
#include "core/net/task.h"

#define WH_EXCHANGE_STATES(X)                                                                      \
    X(IDLE, "the application to send")                                                             \
    X(CONNECTING, "the pool to find, or a server to accept, a connection")                         \
    X(SENDING, "the head and the optional data to leave")                                          \
    X(BODY, "the application to write the rest of the body")                                       \
    X(AWAITING, "a final status line; 1xx keeps us here")                                          \
    X(JUDGING, "the owner's callbacks, which may look at a response that is not delivered")        \
    X(DRAINING, "the rest of such a response, so that its connection may serve again")             \
    X(READING, "the application to read the body")                                                 \
    X(DONE, "nothing: the connection has gone back to the pool")                                   \
    X(FAILED, "nothing: the error was reported, once")

enum wh_exchange_state {
#define X(name, meaning) WH_EXCHANGE_##name,
    WH_EXCHANGE_STATES(X)
#undef X
};

enum wh_op_kind {
    WH_OP_SEND,    /* the request, with the part of its body given now                 */
    WH_OP_WRITE,   /* more of the body                                                 */
    WH_OP_RECEIVE, /* the response head                                                */
    WH_OP_QUERY,   /* how many bytes of the body can be read without waiting           */
    WH_OP_READ,    /* bytes of the body                                                */
};

#define WH_OPS_MAX      8 /* operations in line; one more is refused                      */
#define WH_NEST_MAX     3 /* completions nested on one thread; Windows has the same bound */
#define WH_BODY_UNKNOWN UINT64_MAX

/* clang-format off */
enum wh_news_kind {
    /* notices */
    WH_NEWS_RESOLVING,    /* text: name                                  */
    WH_NEWS_RESOLVED,     /* text: name                                  */
    WH_NEWS_CONNECTING,   /* text: address                               */
    WH_NEWS_CONNECTED,    /* text: address                               */
    WH_NEWS_SENDING,
    WH_NEWS_SENT,         /* number: bytes                               */
    WH_NEWS_RECEIVING,
    WH_NEWS_RECEIVED,     /* number: bytes                               */
    WH_NEWS_INTERMEDIATE, /* number: the 1xx status                      */
    WH_NEWS_CLOSING,
    WH_NEWS_CLOSED,
    WH_NEWS_TLS_FAILURE,  /* number: enum wh_tls_fault that were fatal   */
    /* completion */
    WH_NEWS_OP_DONE,      /* op, err; number: bytes moved or available   */
};
/* clang-format on */

struct wh_news {
    enum wh_news_kind kind;
    const char *text;
    uint64_t number;
    enum wh_op_kind op;
    enum wh_err err;
    void *buffer; /* READ, WRITE: the application's */
    bool inlined; /* told in the call that submitted it */
};

struct wh_op {
    enum wh_op_kind kind;
    bool fill; /* READ: not before `len` bytes or the end */
    bool begun, ended;
    enum wh_err err; /* once ended */
    void *buffer;    /* READ: into; WRITE, SEND: from. Lent until completion, */
    size_t len;      /*       SEND's until RECEIVE's, which may send it again */
    uint64_t moved;
    uint64_t deadline_ms; /* 0: set when it first waits; bytes that move make it 0 again */
    bool *inlined;        /* asynchronous: the submitting call still runs: set if it ends in it */
};

/* Points in time, in the order of WINHTTP_REQUEST_TIME_ENTRY's that we know. */
enum wh_moment {
    WH_AT_RESOLVE_START,
    WH_AT_RESOLVE_END,
    WH_AT_CONNECT_START,
    WH_AT_CONNECT_END,
    WH_AT_TLS_START,
    WH_AT_TLS_END,
    WH_AT_SEND_START,
    WH_AT_SEND_HEAD_END,
    WH_AT_SEND_END,
    WH_AT_RECEIVE_START,
    WH_AT_RECEIVE_HEAD_END,
    WH_AT_RECEIVE_END,
    WH_AT_TUNNEL_START, /* with a proxy: before TLS */
    WH_AT_TUNNEL_END,
    WH_MOMENT_COUNT
};

/* Policy: what the front decided, copied before SEND. */
struct wh_policy {
    uint32_t resolve_timeout_ms, connect_timeout_ms, send_timeout_ms, receive_timeout_ms;
    uint32_t response_timeout_ms; /* for the whole head; UINT32_MAX: receive_timeout_ms     */
    uint32_t max_addresses;       /* of a name, tried in turn                               */
    uint32_t max_intermediates;   /* 1xx responses before a final one                       */
    uint32_t max_head_bytes;
    uint32_t max_drain_bytes;
    uint32_t max_legs;        /* of one request, whatever the judge says                    */
    uint32_t codings;         /* of bodies that are decoded: enum wh_coding, combined       */
    uint32_t max_connections; /* per server; WH_LIMIT_NONE */
    uint32_t max_connections_1_0;
    uint32_t keep_alive_idle_ms, keep_alive_interval_ms; /* TCP's; 0: the system's          */
    bool keep_alive;                                     /* the connection may serve again */
    bool announce_close;                                 /* the request says Connection: close */
    bool race;                                           /* IPv4 beside IPv6 */
    bool show_refusal;   /* the body of a proxy's refusal of a tunnel can be read        */
    enum wh_err refused; /* SEND ends with it, before anything happens */
};

/* How far the words with a proxy have come. */
enum wh_tunnel {
    WH_TUNNEL_NONE,     /* there are none, or the tunnel is open                           */
    WH_TUNNEL_ASKING,   /* the CONNECT leaves                                              */
    WH_TUNNEL_HEARING,  /* its answer is waited for                                        */
    WH_TUNNEL_DRAINING, /* ... was a challenge; what is left of it goes by                 */
    WH_TUNNEL_REFUSED,  /* the proxy's answer is the exchange's response                   */
};

/* What becomes of a response, and of its connection if the request goes out again. */
enum wh_verdict {
    WH_VERDICT_DELIVER, /* it is the application's                                             */
    WH_VERDICT_AGAIN,   /* the request, rewritten meanwhile, goes out again                     */
    WH_VERDICT_RESEND,  /* it would, but its body is gone: RECEIVE fails with RESEND_REQUEST    */
};

enum wh_keep {
    WH_KEEP_IF_SAME, /* the connection, if the next leg goes to its origin and little is to be read */
    WH_KEEP_MUST, /* it, or fail: it is authenticated. Outlives RESEND until the next SEND       */
    WH_KEEP_NOT,  /* close it                                                                    */
};

struct wh_exchange {
    struct wh_task task;
    bool (*news)(void *user, const struct wh_news *news); /* true: the application was called */
    void *user;
    /* Asked about each final response head, on the runner's thread, without the lock; NULL: deliver
     * them all. Before AGAIN it rewrites, with the lock, what is under "What to send" below. It may
     * tell the application of it, after wh_exchange_show(). An error fails RECEIVE. *keep comes as
     * IF_SAME. While `tunnel` is not NONE it is a proxy's, of any status, to a CONNECT; AGAIN is
     * another try then, with `tunnel_head` rewritten, and means nothing after a 2xx. */
    enum wh_err (*judge)(void *user, enum wh_verdict *verdict, enum wh_keep *keep);
    /* Called once before the next SEND's first leg, on the runner's thread, without the lock, where it
     * may block: it finishes, with the lock, what is under "What to send". NULL, and NULL again once
     * called: all of it is there. An error fails SEND. */
    enum wh_err (*depart)(void *user);
    bool sync;
    atomic_bool inside; /* synchronous: a call is, and the thread in it is the runner */

    /* The mailbox: task.lock. */
    unsigned first_op, op_count;
    atomic_bool cancelled; /* lock to set */
    const void *teller;    /* the thread that is telling a completion                      */
    bool lendable;         /* ... of SEND: another thread may take the machine from it     */

    /* What to send: set by the front while nothing runs. */
    struct wh_policy policy;
    struct wh_origin *origin; /* a reference */
    struct wh_limits *limits;
    struct wh_buf head_out;    /* the request head, serialised */
    struct wh_buf tunnel_head; /* CONNECT, serialised; for an origin with a tunnel */
    bool head_only;            /* the method is HEAD */
    bool is_connect;
    /* A 101 came: WH_OK if it changes the protocol as was asked for. NULL: nothing was. */
    enum wh_err (*upgrade)(void *user, const struct wh_head *head, const uint8_t *base);
    const uint8_t *data; /* optional data; the application's */
    size_t data_len;
    uint64_t promised; /* body bytes in all; WH_BODY_UNKNOWN: the application frames */

    /* The runner's. Written under task.lock where others read. */
    _Atomic(enum wh_exchange_state) state; /* others only read */
    bool retried;                          /* once on a fresh connection is enough */
    bool got_bytes;                        /* some of this response has come */
    bool serves_again;                     /* this exchange leaves its connection in order */
    bool expire;                           /* close rather than reuse */
    bool look_later;                       /* nothing can have come yet: wait first */
    bool asleep;           /* lock: the runner sleeps on `conn` (exchange_sleep.c) */
    bool upgraded;         /* the connection is for wh_exchange_detach() */
    bool write_failed;     /* the server takes no more; it may answer */
    bool bound;            /* the next leg leaves on `conn` or not at all */
    bool resend;           /* ... and is the application's to send */
    bool announce;         /* RECEIVING is still to be told of this leg */
    enum wh_keep keep;     /* DRAINING: what for */
    enum wh_tunnel tunnel; /* lock to look at it: REFUSED, once there is a response */
    bool tunnel_kept;      /* the proxy had answered on this connection before */
    size_t tunnel_sent;
    unsigned legs; /* sent before this one in the same operation */
    unsigned intermediates;
    uint64_t now_us;            /* the clock; 0: look again */
    enum wh_err pending_err;    /* for the next RECEIVE or READ */
    struct wh_connect *connect; /* while there is no connection yet; NULL otherwise */
    struct wh_conn *conn;
    struct wh_place place;
    _Atomic(struct wh_peer *) peer; /* a reference; lock to replace one */
    size_t head_sent, data_sent;
    uint64_t body_sent;        /* data and what WRITE wrote */
    uint64_t send_deadline_ms; /* 0: not running yet; renewed when bytes leave */
    uint64_t response_deadline_ms;
    uint64_t drain_deadline_ms, drain_left; /* DRAINING: bytes that may still come */

    struct wh_head *head; /* lock to change; NULL until the first byte of a response is asked for */
    uint8_t *in;          /* lock to move: head, then unread body */
    bool in_is_secret;    /* the judge has found one: overwritten before it is given back */
    size_t in_room, in_len, in_at;
    bool head_ready; /* `head` holds a response */
    struct wh_framing framing;
    struct wh_body body; /* others read its trailers once DONE */

    struct wh_inflater *inflater; /* NULL: the body is read as it comes                         */
    uint8_t *plain;               /* decoded by QUERY, not yet read; NULL: none was             */
    size_t plain_at, plain_len;

    /* Written by the runner alone, with wh_count(); others look at any moment, with wh_counted(). */
    uint64_t when_us[WH_MOMENT_COUNT];
    uint64_t sent_head_bytes, sent_body_bytes, got_head_bytes, got_body_bytes;
    uint64_t nth_on_conn; /* how many requests its connection has served before */

    /* Large, and not cleared when the exchange is made. The line is nearly always in its first place:
     * what a response touches first lies in one run from `task` to there. */
    struct wh_op ops[WH_OPS_MAX]; /* the ring; lock */
};

static inline void wh_count(uint64_t *counter, uint64_t value)
{
    __atomic_store_n(counter, value, __ATOMIC_RELAXED);
}

static inline uint64_t wh_counted(const uint64_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* `ops` gives the task its step (wh_exchange_step) and its references. */
void wh_exchange_init(struct wh_exchange *x, const struct wh_task_ops *ops,
                      struct wh_reactor *reactor);

/* Frees everything. A connection that is still lent goes to the pool if it can, else it is closed.
 * Nothing may run. */
void wh_exchange_destroy(struct wh_exchange *x);

enum wh_step wh_exchange_step(struct wh_task *task);

/* Asynchronous: put an operation in line. Called with task.lock held, and returns with it; it is not
 * held in between. WH_OK; *inlined says that the completion was told before this returned, on this
 * thread. WH_E_WRONG_STATE: the line is full. */
enum wh_err wh_exchange_submit(struct wh_exchange *x, const struct wh_op *op, bool *inlined);

/* Synchronous: be the one call inside; false if there is one. No lock needed. */
static inline bool wh_exchange_go_in(struct wh_exchange *x)
{
    return !atomic_exchange_explicit(&x->inside, true, memory_order_acquire);
}

static inline void wh_exchange_come_out(struct wh_exchange *x)
{
    atomic_store_explicit(&x->inside, false, memory_order_release);
}

/* Synchronous: take an operation to its end on this thread, which has gone in and holds no lock;
 * op->err and op->moved tell. Where nothing has to be waited for, no lock is taken at all. */
void wh_exchange_run(struct wh_exchange *x, struct wh_op *op);

/* End whatever is under way with WH_E_CANCELLED; later submits end so, too. Any thread. */
void wh_exchange_cancel(struct wh_exchange *x);

/* Close the connection rather than let it serve again. Any thread; no lock needed. */
static inline void wh_exchange_expire(struct wh_exchange *x, bool expire)
{
    __atomic_store_n(&x->expire, expire, __ATOMIC_RELAXED);
}

static inline bool wh_exchange_is_expired(const struct wh_exchange *x)
{
    return __atomic_load_n(&x->expire, __ATOMIC_RELAXED);
}

/* Take over the connection of a response that changed the protocol, and the bytes that came behind its
 * head: *rest is to be freed with wh_free(), NULL if there are none. With task.lock held and no
 * operation in line; RECEIVE need not have been submitted if the head is there.
 *
 * WH_E_WRONG_STATE: there is no such response, or its connection was taken; WH_E_NO_MEMORY. */
enum wh_err wh_exchange_detach(struct wh_exchange *x, struct wh_conn **conn, uint8_t **rest,
                               size_t *rest_len);

/* For the judge: let the application look at the response's head from now on. */
void wh_exchange_show(struct wh_exchange *x);

/* For the judge: can this connection carry another leg once the response has gone by, as far as its
 * head tells? Where not, WH_KEEP_MUST would fail. */
bool wh_exchange_can_keep(const struct wh_exchange *x);

/* For the judge: is all of the request's body still at hand, to be sent again? */
bool wh_exchange_can_replay(const struct wh_exchange *x);

/* Asynchronous, with task.lock held: is no operation in line? */
bool wh_exchange_is_quiet(const struct wh_exchange *x);

/* ---- between the exchange's own files -------------------------------------------------------- */

/* What performing an operation came to. */
enum wh_progress {
    WH_PROGRESS_DONE, /* op->err says how */
    WH_PROGRESS_WAIT, /* task.wait says for what */
};

void wh_exchange_enter(struct wh_exchange *x, enum wh_exchange_state next);
void wh_exchange_notice(struct wh_exchange *x, enum wh_news_kind kind, const char *text,
                        uint64_t number);
void wh_exchange_mark(struct wh_exchange *x, enum wh_moment moment);

/* The clock is looked at once per stretch of work in which nothing takes time; what takes some, a
 * system call that moves bytes or a callback, says so. Runner only. */
uint64_t wh_exchange_now_us(struct wh_exchange *x);
uint64_t wh_exchange_deadline_in(struct wh_exchange *x, uint32_t timeout_ms);
static inline void wh_exchange_time_passed(struct wh_exchange *x)
{
    x->now_us = 0;
}

bool wh_exchange_is_cancelled(struct wh_exchange *x);

/* Note in task.wait that the connection is waited for; WH_E_TIMEOUT if the deadline has passed. */
enum wh_err wh_exchange_wait_conn(struct wh_exchange *x, enum wh_want want, uint64_t deadline_ms);
/* The same for an operation, whose deadline begins to run at the first wait. */
enum wh_progress wh_exchange_wait_io(struct wh_exchange *x, enum wh_want want, uint32_t timeout_ms,
                                     struct wh_op *op);
enum wh_progress wh_exchange_end_op(struct wh_op *op, enum wh_err err);

enum wh_progress wh_exchange_do_send(struct wh_exchange *x, struct wh_op *op);
enum wh_progress wh_exchange_do_write(struct wh_exchange *x, struct wh_op *op);
enum wh_progress wh_exchange_do_receive(struct wh_exchange *x, struct wh_op *op);
enum wh_progress wh_exchange_do_query(struct wh_exchange *x, struct wh_op *op);
enum wh_progress wh_exchange_do_read(struct wh_exchange *x, struct wh_op *op);

/* Get the response head: WH_OK with *want NONE when it is there. May reconnect and send again if a
 * reused connection turns out dead. */
enum wh_err wh_exchange_await_head(struct wh_exchange *x, struct wh_wait *wait, bool *waiting);

/* The same for a leg after the first: what is left of the former response goes by, then the request
 * goes out again. */
enum wh_err wh_exchange_await_again(struct wh_exchange *x, struct wh_wait *wait, bool *waiting);

/* With x->conn to a proxy, be let through to the origin. *waiting, or: NONE, the connection leads to the
 * origin; NONE and there is no connection any more: begin with another; REFUSED. */
void wh_exchange_begin_tunnel(struct wh_exchange *x);
enum wh_err wh_exchange_dig(struct wh_exchange *x, bool *waiting);

/* Make what there is of a head of the bytes that are there. */
enum wh_err wh_exchange_parse_head(struct wh_exchange *x);
/* When the whole head has to be there, from now on. */
uint64_t wh_exchange_response_deadline(struct wh_exchange *x);
/* Set out to read away the rest of a response; then do it: *kept if it has gone by. */
void wh_exchange_plan_drain(struct wh_exchange *x);
enum wh_err wh_exchange_drain(struct wh_exchange *x, bool *waiting, bool *kept);
/* Forget the response alone. */
void wh_exchange_forget_response(struct wh_exchange *x);
/* `peer` is whom the application can ask about. */
void wh_exchange_set_peer(struct wh_exchange *x, struct wh_peer *peer);

/* Ask the judge, who exists. *again: there is another leg to wait for. */
enum wh_err wh_exchange_judge(struct wh_exchange *x, bool *again);

void wh_exchange_free_in(struct wh_exchange *x);
/* Read more into the buffer, with room made: *got > 0, or *want, or neither at the stream's end. */
/* Synchronous: may it sleep on its connection in wh_exchange_receive(), with this deadline? */
bool wh_exchange_may_sleep(struct wh_exchange *x, uint64_t deadline_ms);

/* Receive into `pieces`, as wh_conn_readv(); asleep, if that is allowed. A deadline of 0 forbids it.
 * WH_E_CANCELLED: it was, while this thread slept. */
enum wh_err wh_exchange_receive(struct wh_exchange *x, const struct iovec *pieces, int count,
                                uint64_t deadline_ms, size_t *got, enum wh_want *want);

enum wh_err wh_exchange_read_in(struct wh_exchange *x, size_t *got, enum wh_want *want);
/* Let the response's body eat what is in the buffer. False: it is broken. */
bool wh_exchange_eat_in(struct wh_exchange *x);

/* The response ended: be DONE, and the connection goes where it belongs. */
void wh_exchange_response_ended(struct wh_exchange *x);
/* Eat framing that is in the buffer. WH_OK with *more: the buffer has no more. */
enum wh_err wh_exchange_eat_framing(struct wh_exchange *x, bool *more);
/* May the body be read at all? */
enum wh_err wh_exchange_read_begin(struct wh_exchange *x, struct wh_op *op);
/* Get more into the buffer. *waiting: the operation waits or has ended with what *progress says. */
enum wh_err wh_exchange_read_ahead(struct wh_exchange *x, struct wh_op *op,
                                   enum wh_progress *progress, bool *waiting);
/* The body is broken: end the operation, with what came before the fault if it read some. */
enum wh_progress wh_exchange_body_failed(struct wh_exchange *x, struct wh_op *op, enum wh_err err);

/* The head is there, and policy.codings may concern its body: get ready to decode it, and take the
 * fields out of the head that will not be true of what is read. */
enum wh_err wh_exchange_begin_decoding(struct wh_exchange *x);
void wh_exchange_end_decoding(struct wh_exchange *x);
/* QUERY and READ of such a body. */
enum wh_progress wh_exchange_query_decoded(struct wh_exchange *x, struct wh_op *op);
enum wh_progress wh_exchange_read_decoded(struct wh_exchange *x, struct wh_op *op);

/* Connect and send head and data as far as possible; *waiting with *wait set otherwise. */
enum wh_err wh_exchange_push_request(struct wh_exchange *x, struct wh_wait *wait, bool *waiting);
bool wh_exchange_may_retry(const struct wh_exchange *x);
void wh_exchange_begin_again(struct wh_exchange *x);

/* Give up what leads to a connection, if it is under way. */
void wh_exchange_end_connecting(struct wh_exchange *x);
/* The connection is no longer needed: back to the pool if it may serve again. */
void wh_exchange_release(struct wh_exchange *x);
/* The connection is in doubt: close it. */
void wh_exchange_abort(struct wh_exchange *x);
/* Be done with the connection, whatever the response's state: to the pool if it can, else closed. */
void wh_exchange_hang_up(struct wh_exchange *x);
/* Forget the response and be IDLE: what comes next is another request. */
void wh_exchange_forget(struct wh_exchange *x);
/* Start the counters and moments anew. */
void wh_exchange_clear_counts(struct wh_exchange *x);
/* Hang up and forget, before the next request on the same handle. */
void wh_exchange_settle(struct wh_exchange *x);

#endif
