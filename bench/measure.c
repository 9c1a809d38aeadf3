/* measure.c - run a program on one processor and say what it cost.
 *
 *      measure CPU PROGRAM [ARGS...]
 *
 * Prints: wall time, user time, system time (microseconds), peak memory (KiB). A program of its
 * own, because a child's peak counts what its parent had resident when it was started, and this
 * parent has next to nothing. Exits as the child did.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static long long us(struct timeval time)
{
    return time.tv_sec * 1000000LL + time.tv_usec;
}

/* A machine may have fewer processors than it should: then the program runs where it can. */
static void pin(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
    struct rusage usage;
    long long begun;
    int status;
    pid_t child;

    if (argc < 3) {
        fprintf(stderr, "usage: measure CPU PROGRAM [ARGS...]\n");
        return 2;
    }
    pin(atoi(argv[1]));
    begun = now_us();
    errno = posix_spawnp(&child, argv[2], NULL, NULL, argv + 2, environ);
    if (errno || wait4(child, &status, 0, &usage) != child) {
        perror("measure");
        return 1;
    }
    printf("%lld %lld %lld %ld\n", now_us() - begun, us(usage.ru_utime), us(usage.ru_stime),
           usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
