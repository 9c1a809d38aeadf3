/* crt_assert.c - what a failed _ASSERTE does. */
#define _DEBUG 1
#include <crtdbg.h>

void winposix_assert_failed(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}
