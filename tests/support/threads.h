/* threads.h - what the kit wants to know about the threads of this process.
 *
 * Two files implement it, one for Linux and one for every other system; CMake picks.
 */
#ifndef TEST_SUPPORT_THREADS_H
#define TEST_SUPPORT_THREADS_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Name the calling thread for debuggers and for threads_report(). At most 15 characters. */
void threads_name_self(const char *name);

/* Print the name and the stack of every thread to stderr, as far as this system can. */
void threads_report(void);

/* How many threads the process has now; 0 where the system does not say. */
unsigned threads_count(void);

/* Is this program built with the thread sanitizer, which makes everything several times slower? */
bool threads_are_sanitized(void);

#ifdef __cplusplus
}
#endif
#endif
