/* exchange_sleep.c - a synchronous exchange sleeps in the call that receives.
 *
 * To poll and then to receive is two system calls where one will do. So a response on a plain
 * connection is waited for in recvmsg(2) itself, and what poll(2) does better is settled like this:
 *
 *   the deadline   a socket lets nobody sleep for longer than WH_CONN_SLEEP_MS. What is left of a
 *                  wait after that is spent in poll(2), and so is all of one that may not take as
 *                  long: deadlines are kept to the millisecond
 *   cancelling     ends the connection, under the lock, while a thread sleeps on it; whatever that
 *                  thread received last, the connection does not serve again
 *   other pokes    are for exchanges that have no connection yet
 *
 * TLS goes on to poll: a record has often been read ahead, and OpenSSL asks for its bytes itself.
 */
#include "core/http/exchange.h"

#include "core/base/clock.h"
#include "core/net/reactor.h"

bool wh_exchange_may_sleep(struct wh_exchange *x, uint64_t deadline_ms)
{
    return x->sync && wh_conn_can_sleep(x->conn) &&
           (deadline_ms == WH_NEVER ||
            wh_exchange_now_us(x) / 1000 + WH_CONN_SLEEP_MS <= deadline_ms);
}

/* Say that this thread is about to sleep on its connection. False: it is not to. */
static bool fall_asleep(struct wh_exchange *x, uint64_t deadline_ms)
{
    if (!wh_exchange_may_sleep(x, deadline_ms))
        return false;
    wh_reactor_about_to_block();
    wh_lock_take(&x->task.lock);
    x->asleep = !x->cancelled;
    wh_lock_give(&x->task.lock);
    return x->asleep;
}

static enum wh_err wake_up(struct wh_exchange *x, enum wh_err err)
{
    wh_lock_take(&x->task.lock);
    x->asleep = false;
    if (x->cancelled) {
        x->serves_again = false;
        err = WH_E_CANCELLED;
    }
    wh_lock_give(&x->task.lock);
    return err;
}

enum wh_err wh_exchange_receive(struct wh_exchange *x, const struct iovec *pieces, int count,
                                uint64_t deadline_ms, size_t *got, enum wh_want *want)
{
    enum wh_err err;

    if (fall_asleep(x, deadline_ms))
        err = wake_up(x, wh_conn_readv_asleep(x->conn, pieces, count, got, want));
    else
        err = wh_conn_readv(x->conn, pieces, count, got, want);
    wh_exchange_time_passed(x);
    return err;
}
