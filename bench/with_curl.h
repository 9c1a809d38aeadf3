/* with_curl.h - what the *_curl.c programs have in common: one easy handle, set up. */
#ifndef BENCH_WITH_CURL_H
#define BENCH_WITH_CURL_H

#include <curl/curl.h>

/* Say what failed and end the program. */
_Noreturn void with_curl_fail(const char *what);

/* A positive number from the command line. */
int with_curl_number(int argc, char **argv, int index);

/* A handle for a GET of `url` whose body is counted in *received and thrown away. Servers are
 * verified with the roots of SSL_CERT_FILE. */
CURL *with_curl_easy(const char *url, size_t *received);

/* Ends the program unless the transfer went well and its status is 200. */
void with_curl_check(CURL *easy, CURLcode result);

#endif
