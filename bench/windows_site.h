/* windows_site.h - what every measured Windows program starts with: a session, a connection, a path.
 *
 * Plain Windows code, as all *_winhttp.c files here: the same sources are built with mingw and run
 * under Wine.
 */
#ifndef BENCH_WINDOWS_SITE_H
#define BENCH_WINDOWS_SITE_H

#include <windows.h>
#include <winhttp.h>

struct site {
    HINTERNET session;
    HINTERNET connection;
    WCHAR path[512];
    DWORD request_flags; /* WINHTTP_FLAG_SECURE or 0 */
};

/* Open session and connection for a URL; session_flags go to WinHttpOpen. Ends the program with a
 * message if that fails, as everything here does: a benchmark has no use for half a result. */
void site_open(struct site *site, LPCWSTR url, DWORD session_flags);

/* A GET or POST request handle for the site's path. */
HINTERNET site_request(const struct site *site, LPCWSTR verb);

/* Closes both handles. */
void site_close(struct site *site);

/* A positive number from the command line. */
int site_number(int argc, WCHAR **argv, int index);

/* Says which call failed, and with which error, and ends the program. */
void site_fail(const char *call);

/* Ends the program unless the final status is 200. */
void site_check_status(HINTERNET request);

#endif
