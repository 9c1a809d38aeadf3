/* threads_other.c - for systems that do not list their threads in /proc. */
#include "threads.h"

#include <pthread.h>
#include <stdio.h>

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

void threads_name_self(const char *name)
{
    pthread_setname_np(name);
}

void threads_report(void)
{
    fprintf(stderr, "(attach a debugger to see the threads)\n");
}

unsigned threads_count(void)
{
    return 0;
}

bool threads_are_sanitized(void)
{
    return SANITIZED;
}
