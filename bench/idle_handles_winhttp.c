/* idle_handles_winhttp.c - COUNT request handles that were opened and not yet sent.
 *
 *      idle_handles_winhttp URL COUNT
 *
 * Says "ready" and waits for the end of its input; meanwhile its memory is looked at.
 */
#include "windows_site.h"

#include <stdio.h>
#include <stdlib.h>

int wmain(int argc, WCHAR **argv)
{
    int count = site_number(argc, argv, 2);
    HINTERNET *requests = calloc((size_t)count, sizeof(*requests));
    struct site site;

    if (!requests)
        return 1;
    site_open(&site, argv[1], 0);
    for (int i = 0; i < count; i++)
        requests[i] = site_request(&site, L"GET");
    puts("ready");
    fflush(stdout);
    getchar();
    for (int i = 0; i < count; i++)
        WinHttpCloseHandle(requests[i]);
    site_close(&site);
    free(requests);
    return 0;
}
