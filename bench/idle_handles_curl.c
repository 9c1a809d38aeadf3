/* idle_handles_curl.c - COUNT easy handles that were set up and not yet performed.
 *
 *      idle_handles_curl URL COUNT
 *
 * Says "ready" and waits for the end of its input; meanwhile its memory is looked at.
 */
#include "with_curl.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    int count = with_curl_number(argc, argv, 2);
    CURL **handles = calloc((size_t)count, sizeof(CURL *));
    size_t received = 0;

    if (!handles)
        with_curl_fail("calloc");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (int i = 0; i < count; i++)
        handles[i] = with_curl_easy(argv[1], &received);
    puts("ready");
    fflush(stdout);
    getchar();
    for (int i = 0; i < count; i++)
        curl_easy_cleanup(handles[i]);
    curl_global_cleanup();
    free(handles);
    return 0;
}
