/* last_error.c - the per-thread last error.
 *
 * Every API call of the libraries above ends here, so the variable has the fastest storage the
 * system offers (the build file chooses the TLS model).
 */
#include <errhandlingapi.h>

static __thread DWORD last_error;

DWORD WINAPI GetLastError(void)
{
    return last_error;
}

void WINAPI SetLastError(DWORD code)
{
    last_error = code;
}
