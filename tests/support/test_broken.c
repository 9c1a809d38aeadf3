/* test_broken.c - tests that must fail, so that a kit which passes everything is found out.
 *
 * Not a test of its own: ctest runs it and compares what it says.
 */
#include "test.h"
#include "server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wchar.h>

TEST(broken, one_is_two)
{
    CHECK_EQ(1, 2);
    FAIL("a failed check did not end the test");
}

TEST(broken, strings_differ)
{
    WANT_STR("left\r\n", "lefT\r\n");
    WANT_WSTR(L"left", NULL);
    WANT_MEM("abc", "abd", 3);
}

static void *fail_elsewhere(void *unused)
{
    CHECK(unused != NULL);
    return NULL;
}

/* Connect, send, and wait for the server to close. */
static void say(struct server *srv, const char *text)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(server_port(srv))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char byte;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    CHECK_EQ(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    CHECK(recv(fd, &byte, 1, 0) <= 0);
    close(fd);
}

TEST(broken, another_thread_fails_it)
{
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, fail_elsewhere, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

TEST(broken, the_client_never_came)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /"}, {END}});

    server_stop(&srv);
}

TEST(broken, the_client_said_something_else)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /right"}, {END}});

    say(srv, "GET /wrong\r\n\r\n");
    server_stop(&srv);
}

TEST(broken, the_client_said_more)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /"}, {END}});

    say(srv, "GET /\r\n\r\nGET /again\r\n\r\n");
    server_stop(&srv);
}

TEST(broken, is_skipped)
{
    SKIP("on purpose");
}

TEST(hangs, for_longer_than_its_limit)
{
    for (;;)
        pause();
}
