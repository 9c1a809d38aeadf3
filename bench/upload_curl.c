/* upload_curl.c - one POST of COUNT MiB, asked for 64 KiB at a time.
 *
 *      upload_curl URL COUNT
 */
#include "with_curl.h"

#include <string.h>

/* The body is zeros; they are written, because a program would have to put its data there, too. */
static size_t give(char *out, size_t size, size_t count, void *missing)
{
    curl_off_t *left = missing;
    size_t len = size * count;

    if ((curl_off_t)len > *left)
        len = (size_t)*left;
    memset(out, 0, len);
    *left -= (curl_off_t)len;
    return len;
}

int main(int argc, char **argv)
{
    curl_off_t missing = (curl_off_t)with_curl_number(argc, argv, 2) << 20;
    struct curl_slist *headers = NULL;
    size_t received = 0;
    CURL *easy;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    easy = with_curl_easy(argv[1], &received);
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, missing);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 64 * 1024L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(easy, CURLOPT_READDATA, &missing);
    with_curl_check(easy, curl_easy_perform(easy));
    if (missing != 0)
        with_curl_fail("the upload");
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    curl_global_cleanup();
    return 0;
}
