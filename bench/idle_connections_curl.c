/* idle_connections_curl.c - COUNT connections that served one GET each and wait in a multi handle.
 *
 *      idle_connections_curl URL COUNT
 *
 * All transfers start in the same call, so each has a connection of its own. Their easy handles
 * are freed before it says "ready" and waits for the end of its input; meanwhile its memory is
 * looked at.
 */
#include "with_curl.h"

#include <stdio.h>
#include <stdlib.h>

/* Finish and free what is done. Returns how many new connections they had made. */
static long reap(CURLM *multi)
{
    long connects = 0, one;
    int left;
    CURLMsg *message;

    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;

        with_curl_check(easy, message->data.result);
        curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &one);
        connects += one;
        curl_multi_remove_handle(multi, easy);
        curl_easy_cleanup(easy);
    }
    return connects;
}

int main(int argc, char **argv)
{
    int count = with_curl_number(argc, argv, 2), active;
    long connects = 0;
    size_t received = 0;
    CURLM *multi;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)count);
    for (int i = 0; i < count; i++)
        curl_multi_add_handle(multi, with_curl_easy(argv[1], &received));
    do {
        if (curl_multi_perform(multi, &active) != CURLM_OK)
            with_curl_fail("curl_multi_perform");
        connects += reap(multi);
        if (active)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    } while (active);
    if (connects != count)
        with_curl_fail("a connection of its own for each transfer");
    puts("ready");
    fflush(stdout);
    getchar();
    curl_multi_cleanup(multi);
    curl_global_cleanup();
    return 0;
}
