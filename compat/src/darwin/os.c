/* os.c (macOS) - see os.h. */
#include "../os.h"
#include <crt_externs.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/sysctl.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

void win_os_thread_self(struct win_os_thread *thread)
{
    thread->pthread = pthread_self();
    pthread_threadid_np(NULL, &thread->id);
}

/* Scheduling priorities around the default; the system clamps what a user may have. */
bool win_os_set_priority(const struct win_os_thread *thread, int priority)
{
    struct sched_param parameters;
    int policy, lowest, highest, middle, wanted;

    if (pthread_getschedparam(thread->pthread, &policy, &parameters) != 0)
        return false;
    lowest = sched_get_priority_min(policy);
    highest = sched_get_priority_max(policy);
    middle = (lowest + highest) / 2;
    wanted = priority <= -15 ? lowest : priority >= 15 ? highest : middle + 4 * priority;
    parameters.sched_priority = wanted < lowest ? lowest : wanted > highest ? highest : wanted;
    return pthread_setschedparam(thread->pthread, policy, &parameters) == 0;
}

uint64_t win_os_since_boot_ns(void)
{
    return clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW);
}

uint64_t win_os_awake_ns(void)
{
    return clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
}

bool win_os_debugger_present(void)
{
    int name[4] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, getpid()};
    struct kinfo_proc process;
    size_t size = sizeof(process);

    memset(&process, 0, sizeof(process));
    return sysctl(name, 4, &process, &size, NULL, 0) == 0 &&
           (process.kp_proc.p_flag & P_TRACED) != 0;
}

/* macOS does not tell. */
unsigned win_os_current_cpu(void)
{
    return 0;
}

char **win_os_environment(void)
{
    return *_NSGetEnviron();
}
