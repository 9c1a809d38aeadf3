/* get_concurrent_curl.c - GETs on one multi handle, a fixed number of them in flight.
 *
 *      get_concurrent_curl URL COUNT IN_FLIGHT
 *
 * An easy handle whose transfer is done is added again while there is work.
 */
#include "with_curl.h"

#include <stdlib.h>

struct work {
    CURLM *multi;
    int unstarted;
    int running;
};

static void start(struct work *work, CURL *easy)
{
    if (work->unstarted == 0) {
        work->running--;
        return;
    }
    work->unstarted--;
    if (curl_multi_add_handle(work->multi, easy) != CURLM_OK)
        with_curl_fail("curl_multi_add_handle");
}

static void restart_finished(struct work *work)
{
    int left;
    CURLMsg *message;

    while ((message = curl_multi_info_read(work->multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;

        with_curl_check(easy, message->data.result);
        curl_multi_remove_handle(work->multi, easy);
        start(work, easy);
    }
}

int main(int argc, char **argv)
{
    int in_flight = with_curl_number(argc, argv, 3), active;
    struct work work = {.unstarted = with_curl_number(argc, argv, 2), .running = in_flight};
    CURL **lanes = calloc((size_t)in_flight, sizeof(CURL *));
    size_t received = 0;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    work.multi = curl_multi_init();
    if (!lanes || !work.multi)
        with_curl_fail("curl_multi_init");
    curl_multi_setopt(work.multi, CURLMOPT_MAXCONNECTS, (long)in_flight);
    for (int i = 0; i < in_flight; i++) {
        lanes[i] = with_curl_easy(argv[1], &received);
        start(&work, lanes[i]);
    }
    while (work.running > 0) {
        if (curl_multi_perform(work.multi, &active) != CURLM_OK)
            with_curl_fail("curl_multi_perform");
        restart_finished(&work);
        if (work.running > 0)
            curl_multi_poll(work.multi, NULL, 0, 1000, NULL);
    }
    for (int i = 0; i < in_flight; i++)
        curl_easy_cleanup(lanes[i]);
    curl_multi_cleanup(work.multi);
    curl_global_cleanup();
    free(lanes);
    return 0;
}
