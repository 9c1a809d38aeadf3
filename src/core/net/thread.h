/* thread.h - the library's own threads. */
#ifndef WH_CORE_NET_THREAD_H
#define WH_CORE_NET_THREAD_H

/* Start a thread that nobody joins. It takes no signals, which are the application's, except those that
 * its own instructions raise: a fault in a callback has to reach the application's handler, as it does
 * on every other thread (a crash reporter; a runtime that finds null pointers that way). With such a
 * signal blocked the process ends without a word. 0, or an errno. Any thread. */
int wh_thread_start(void *(*run)(void *), void *arg);

#endif
