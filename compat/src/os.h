/* os.h - the few things each operating system does in its own way; see linux/ and darwin/. */
#ifndef WIN_OS_H
#define WIN_OS_H

#include <stdbool.h>
#include <stdint.h>
#include <pthread.h>

struct win_os_thread {
    pthread_t pthread;
    uint64_t id;
};

void win_os_thread_self(struct win_os_thread *thread);

/* Give a thread one of Windows' seven priorities. False if the system does not permit it. */
bool win_os_set_priority(const struct win_os_thread *thread, int priority);

/* Since the machine started, in nanoseconds: with and without the time it slept. */
uint64_t win_os_since_boot_ns(void);
uint64_t win_os_awake_ns(void);

bool win_os_debugger_present(void);
unsigned win_os_current_cpu(void);

/* environ, which a shared library cannot name everywhere. */
char **win_os_environment(void);

#endif
