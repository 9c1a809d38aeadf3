/* squid.c - a real proxy, squid as the distribution ships it, between us and nginx: http by word, https
 * through a tunnel, and its 407 with Basic. A proxy that is missing skips the tests. */
#include "visit.h"

#include "certs.h"
#include "test.h"
#include "text.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { PATH_LEN = 256, PATIENCE_MS = 20000, PAUSE_MS = 5 };

static char dir[PATH_LEN], helper[PATH_LEN];
static uint16_t port; /* 0: it does not run yet */

/* ---- the proxy ------------------------------------------------------------------------------- */

static bool find_helper(void)
{
    static const char *const places[] = {"/usr/lib/squid", "/usr/lib64/squid", "/usr/libexec/squid",
                                         "/opt/homebrew/opt/squid/libexec"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        snprintf(helper, sizeof(helper), "%s/basic_ncsa_auth", places[i]);
        if (access(helper, X_OK) == 0)
            return true;
    }
    return false;
}

static int loopback(struct sockaddr_in *addr)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    *addr = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(fd >= 0);
    CHECK_EQ(fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
    return fd;
}

static void choose_port(void)
{
    struct sockaddr_in addr;
    socklen_t len = sizeof(addr);
    int fd = loopback(&addr);

    CHECK_EQ(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    CHECK_EQ(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    port = ntohs(addr.sin_port);
    close(fd);
}

static void wait_until_it_listens(void)
{
    for (unsigned left = PATIENCE_MS / PAUSE_MS * test_slowness(); left > 0; left--) {
        struct timespec pause = {0, PAUSE_MS * 1000000L}; /* nothing tells when it is ready */
        struct sockaddr_in addr;
        int fd = loopback(&addr);
        bool listens = connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0;

        close(fd);
        if (listens)
            return;
        nanosleep(&pause, NULL);
    }
    FAIL("squid did not start, see %s/cache.log", dir);
}

static FILE *make_file(const char *name)
{
    char path[2 * PATH_LEN];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "w");
    CHECK(file != NULL);
    return file;
}

/* User "proxy", password "pass"; nothing is kept, nobody else is let in. */
static void configure(void)
{
    FILE *file = make_file("users");

    fputs("proxy:$apr1$abcdefgh$rK/lObuciIG5ziaV8BdHR/\n", file);
    CHECK_EQ(fclose(file), 0);
    file = make_file("squid.conf");
    fprintf(file,
            "http_port 127.0.0.1:%u\npid_filename none\naccess_log stdio:%s/access.log\n"
            "cache_log %s/cache.log\ncache deny all\ncoredump_dir none\npinger_enable off\n"
            "auth_param basic program %s %s/users\nauth_param basic realm proxy\n"
            "auth_param basic children 1\nacl users proxy_auth REQUIRED\n"
            "http_access allow users\nhttp_access deny all\nvisible_hostname localhost\n"
            "shutdown_lifetime 0 seconds\n",
            port, dir, dir, helper, dir);
    CHECK_EQ(fclose(file), 0);
}

/* It ends when we do: the shell that started it sees our end of the pipe close. */
static void serve(void)
{
    char command[4 * PATH_LEN], output[2 * PATH_LEN];
    char *argv[] = {"/bin/sh", "-c", command, NULL};
    posix_spawn_file_actions_t files;
    int ends[2];
    pid_t pid;

    snprintf(command, sizeof(command),
             "squid -N -f %s/squid.conf & squid=$!; read gone; kill -s KILL $squid; wait", dir);
    snprintf(output, sizeof(output), "%s/output", dir);
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(fcntl(ends[0], F_SETFD, FD_CLOEXEC), 0);
    CHECK_EQ(fcntl(ends[1], F_SETFD, FD_CLOEXEC), 0); /* stays open as long as we live */
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[0], 0);
    posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    CHECK_EQ(posix_spawn(&pid, argv[0], &files, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&files);
    close(ends[0]);
    wait_until_it_listens();
}

static void squid_start(void)
{
    char path[4096];

    if (port)
        return;
    snprintf(path, sizeof(path), "%s:/usr/sbin:/usr/local/sbin:/sbin",
             getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    setenv("PATH", path, 1);
    if (system("command -v squid >/dev/null") != 0 || !find_helper())
        SKIP("squid with basic_ncsa_auth is not installed");
    CHECK_EQ(chmod(test_temp_dir(), 0755), 0);
    snprintf(dir, sizeof(dir), "%.200s/squid", test_temp_dir());
    CHECK_EQ(mkdir(dir, 0777), 0);
    CHECK_EQ(chmod(dir, 0777), 0); /* it may run as a user of its own */
    choose_port();
    configure();
    serve();
}

/* ---- requests through it --------------------------------------------------------------------- */

static struct httpd *origins(void)
{
    struct site sites[2] = {{.cert = NULL}, {.cert = visit_good_cert()}};

    httpd_require(NGINX);
    squid_start();
    return httpd_start(NGINX, sites, 2);
}

static struct web by_squid(const struct httpd *srv, unsigned site, bool async)
{
    struct web web = {.rec = recorder_new(), .async = async};
    char list[64];

    snprintf(list, sizeof(list), "http=127.0.0.1:%u;https=http://127.0.0.1:%u", port, port);
    web.session = WinHttpOpen(text_wide("test"), WINHTTP_ACCESS_TYPE_NAMED_PROXY, text_wide(list),
                              WINHTTP_NO_PROXY_BYPASS, async ? WINHTTP_FLAG_ASYNC : 0);
    CHECK(web.session != NULL);
    recorder_attach(web.rec, web.session);
    web.connection = WinHttpConnect(
        web.session, text_wide(httpd_is_secure(srv, site) ? "localhost" : "127.0.0.1"),
        httpd_port(srv, site), 0);
    CHECK(web.connection != NULL);
    return web;
}

static void set_text(struct web *web, DWORD option, const char *text)
{
    CHECK(WinHttpSetOption(web->request, option, (void *)text_wide(text), (DWORD)strlen(text)));
}

static void get_hello(unsigned site, bool async)
{
    struct httpd *srv = origins();
    struct web web = by_squid(srv, site, async);
    struct answer answer;

    for (int i = 0; i < 2; i++) {
        visit_request(&web, srv, site, "GET", "/hello.txt");
        set_text(&web, WINHTTP_OPTION_PROXY_USERNAME, "proxy");
        set_text(&web, WINHTTP_OPTION_PROXY_PASSWORD, "pass");
        answer = web_exchange(&web, NULL, 0);
        CHECK_EQ(answer.error, 0);
        CHECK_EQ(answer.status, 200);
        CHECK_STR(answer.body, HELLO);
        CHECK_EQ(*visit_field(&web, "Via") != '\0', site == 0); /* squid's, where it can speak */
    }
    web_close(&web);
    httpd_stop(srv);
}

static void is_asked_and_refused(unsigned site, bool async)
{
    struct httpd *srv = origins();
    struct web web = by_squid(srv, site, async);
    DWORD supported = 0, first = 0, target = 77;
    struct answer answer = visit(&web, srv, site, "GET", "/hello.txt");

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 407);
    CHECK(WinHttpQueryAuthSchemes(web.request, &supported, &first, &target));
    CHECK_EQ(supported, WINHTTP_AUTH_SCHEME_BASIC);
    CHECK_EQ(target, WINHTTP_AUTH_TARGET_PROXY);
    CHECK(WinHttpSetCredentials(web.request, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_BASIC,
                                text_wide("proxy"), text_wide("wrong"), NULL));
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.status, 407);
    CHECK(WinHttpSetCredentials(web.request, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_BASIC,
                                text_wide("proxy"), text_wide("pass"), NULL));
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(answer.body, HELLO);
    web_close(&web);
    httpd_stop(srv);
}

static void upload(unsigned site, bool async)
{
    struct httpd *srv = origins();
    struct web web = by_squid(srv, site, async);
    struct answer answer;

    visit_request(&web, srv, site, "PUT", "/upload/by_squid");
    set_text(&web, WINHTTP_OPTION_PROXY_USERNAME, "proxy");
    set_text(&web, WINHTTP_OPTION_PROXY_PASSWORD, "pass");
    answer = web_exchange(&web, "some bytes", 10);
    CHECK_EQ(answer.error, 0);
    CHECK(answer.status == 201 || answer.status == 204);
    web_close(&web);
    httpd_stop(srv);
}

#define IN_ALL_WAYS(what)                                                                          \
    TEST(squid, what##__http_sync)                                                                 \
    {                                                                                              \
        what(0, false);                                                                            \
    }                                                                                              \
    TEST(squid, what##__http_async)                                                                \
    {                                                                                              \
        what(0, true);                                                                             \
    }                                                                                              \
    TEST(squid, what##__https_sync)                                                                \
    {                                                                                              \
        what(1, false);                                                                            \
    }                                                                                              \
    TEST(squid, what##__https_async)                                                               \
    {                                                                                              \
        what(1, true);                                                                             \
    }

IN_ALL_WAYS(get_hello)
IN_ALL_WAYS(is_asked_and_refused)
IN_ALL_WAYS(upload)

/* Its refusal comes with a page of its own. Somebody has the port, but does not listen. */
TEST(squid, a_server_that_is_not_there_is_a_502_or_503)
{
    struct sockaddr_in addr;
    socklen_t len = sizeof(addr);
    struct httpd *srv = origins();
    struct web web = by_squid(srv, 1, false);
    struct answer answer;
    uint16_t squids = port;
    int fd;

    port = 0;
    fd = loopback(&addr);
    port = squids;
    CHECK_EQ(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    CHECK_EQ(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = WinHttpConnect(web.session, text_wide("localhost"), ntohs(addr.sin_port), 0);
    visit_request(&web, srv, 1, "GET", "/hello.txt");
    set_text(&web, WINHTTP_OPTION_PROXY_USERNAME, "proxy");
    set_text(&web, WINHTTP_OPTION_PROXY_PASSWORD, "pass");
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, 0);
    CHECK(answer.status == 502 || answer.status == 503);
    CHECK_EQ(answer.len, 0);
    web_close(&web);
    httpd_stop(srv);
    close(fd);
}
