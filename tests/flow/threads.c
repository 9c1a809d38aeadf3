/* threads.c - a synchronous program stays alone: the library starts no thread before the first
 * asynchronous request. A program of its own, because the loop's threads, once started, stay. */
#include "flow.h"
#include "threads.h"

static const struct turn one_response[] = {
    {ACCEPT},
    {EXPECT, "GET /"},
    {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
    {END}};

/* Threads before a GET from a numeric address, and after it. */
static void count_threads(DWORD mode, unsigned *before, unsigned *after)
{
    struct server *srv = server_play(one_response);
    struct answer answer;
    struct web web;

    *before = threads_count();
    web = web_open(srv, mode, "GET", "/");
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, ERROR_SUCCESS);
    CHECK_STR(answer.body, "hello");
    *after = threads_count();
    web_close(&web);
    server_stop(&srv);
}

TEST(threads, only_an_asynchronous_request_starts_any)
{
    unsigned before, after;

    count_threads(0, &before, &after);
    if (before == 0)
        SKIP("this system does not say how many threads there are");
    CHECK_EQ(after, before);
    count_threads(WINHTTP_FLAG_ASYNC, &before, &after);
    CHECK(after > before);
}
