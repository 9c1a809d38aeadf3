/* with_curl.c - one easy handle, set up; see the header. */
#include "with_curl.h"

#include <stdio.h>
#include <stdlib.h>

void with_curl_fail(const char *what)
{
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

int with_curl_number(int argc, char **argv, int index)
{
    int number = index < argc ? atoi(argv[index]) : 0;

    if (number <= 0)
        with_curl_fail("arguments");
    return number;
}

static size_t discard(char *data, size_t size, size_t count, void *received)
{
    (void)data;
    *(size_t *)received += size * count;
    return size * count;
}

CURL *with_curl_easy(const char *url, size_t *received)
{
    CURL *easy = curl_easy_init();
    const char *roots = getenv("SSL_CERT_FILE");

    if (!easy)
        with_curl_fail("curl_easy_init");
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "bench");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, received);
    if (roots) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, roots);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    return easy;
}

void with_curl_check(CURL *easy, CURLcode result)
{
    long status = 0;

    if (result != CURLE_OK)
        with_curl_fail(curl_easy_strerror(result));
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        with_curl_fail("status");
}
