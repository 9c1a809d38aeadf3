/* cond.h - condition variables that wait on the monotonic clock, which every system spells its own
 * way. linux.c, darwin.c. Any thread. */
#ifndef WH_COMPAT_NET_COND_H
#define WH_COMPAT_NET_COND_H

#include <pthread.h>

void wh_cond_init(pthread_cond_t *cond);

/* Wait until signalled or `ms` milliseconds have passed; may wake early. `lock` is held. */
void wh_cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, unsigned ms);

#endif
