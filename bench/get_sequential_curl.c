/* get_sequential_curl.c - GETs one after the other on one easy handle.
 *
 *      get_sequential_curl URL COUNT
 */
#include "with_curl.h"

int main(int argc, char **argv)
{
    int count = with_curl_number(argc, argv, 2);
    size_t received = 0, first = 0;
    CURL *easy;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    easy = with_curl_easy(argv[1], &received);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 64 * 1024L);
    for (int i = 0; i < count; i++) {
        received = 0;
        with_curl_check(easy, curl_easy_perform(easy));
        if (i == 0)
            first = received;
        else if (received != first)
            with_curl_fail("a response of another length");
    }
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return 0;
}
