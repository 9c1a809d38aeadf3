/* threads_linux.c - threads by way of /proc/self/task.
 *
 * To print a stack that is not ours, we signal its thread and let the handler print. Each thread
 * gets a moment for that; one that does not answer (blocked signals) is named all the same.
 */
#include "threads.h"

#include <dirent.h>
#include <execinfo.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

static sem_t printed;

void threads_name_self(const char *name)
{
    pthread_setname_np(pthread_self(), name);
}

static void print_own_stack(int sig)
{
    void *frames[64];
    int n = backtrace(frames, 64);

    (void)sig;
    backtrace_symbols_fd(frames, n, STDERR_FILENO);
    sem_post(&printed);
}

static void report_one(pid_t tid)
{
    char path[64], name[32] = "?";
    struct timespec until;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/self/task/%d/comm", (int)tid);
    file = fopen(path, "r");
    if (file) {
        if (fgets(name, sizeof(name), file))
            name[strcspn(name, "\n")] = 0;
        fclose(file);
    }
    fprintf(stderr, "thread %d \"%s\"\n", (int)tid, name);
    if (syscall(SYS_tgkill, getpid(), tid, SIGUSR2))
        return;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    sem_timedwait(&printed, &until);
}

void threads_report(void)
{
    struct sigaction action;
    struct dirent *entry;
    DIR *dir = opendir("/proc/self/task");

    if (!dir)
        return;
    memset(&action, 0, sizeof(action));
    action.sa_handler = print_own_stack;
    sigaction(SIGUSR2, &action, NULL);
    sem_init(&printed, 0, 0);
    while ((entry = readdir(dir)) != NULL)
        if (atoi(entry->d_name) > 0)
            report_one((pid_t)atoi(entry->d_name));
    closedir(dir);
}

unsigned threads_count(void)
{
    struct dirent *entry;
    unsigned count = 0;
    DIR *dir = opendir("/proc/self/task");

    if (!dir)
        return 0;
    while ((entry = readdir(dir)) != NULL)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

bool threads_are_sanitized(void)
{
    return SANITIZED;
}
