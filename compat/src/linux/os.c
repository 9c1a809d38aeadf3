/* os.c (Linux) - see os.h. */
#define _GNU_SOURCE
#include "../os.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void win_os_thread_self(struct win_os_thread *thread)
{
    thread->pthread = pthread_self();
    thread->id = (uint64_t)syscall(SYS_gettid);
}

/* Linux keeps a nice value per thread: setpriority() takes a thread's id. */
bool win_os_set_priority(const struct win_os_thread *thread, int priority)
{
    int nice = priority <= -15 ? 19 : priority >= 15 ? -15 : -5 * priority;

    return setpriority(PRIO_PROCESS, (id_t)thread->id, nice) == 0;
}

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t win_os_since_boot_ns(void)
{
    return clock_ns(CLOCK_BOOTTIME);
}

uint64_t win_os_awake_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

/* "TracerPid:\t0" in /proc/self/status means nobody is attached. */
bool win_os_debugger_present(void)
{
    char text[4096];
    int saved = errno;
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    const char *tracer = NULL;

    if (fd >= 0)
        close(fd);
    errno = saved;
    if (got > 0) {
        text[got] = '\0';
        tracer = strstr(text, "TracerPid:");
    }
    return tracer && strtol(tracer + strlen("TracerPid:"), NULL, 10) != 0;
}

unsigned win_os_current_cpu(void)
{
    int cpu = sched_getcpu();

    return cpu < 0 ? 0 : (unsigned)cpu;
}

char **win_os_environment(void)
{
    return environ;
}
