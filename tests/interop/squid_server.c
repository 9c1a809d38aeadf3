/* squid_server.c - see squid_server.h. */
#include "squid_server.h"

#include "test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { PATH_LEN = 256, PATIENCE_MS = 20000, PAUSE_MS = 5, SQUIDS_MAX = 4 };

static struct squid {
    const char *helper; /* NULL: this one and those after it do not run */
    uint16_t port;
    char dir[PATH_LEN];
} squids[SQUIDS_MAX];

static bool find_helper(const char *name, char path[static PATH_LEN])
{
    static const char *const places[] = {"/usr/lib/squid", "/usr/lib64/squid", "/usr/libexec/squid",
                                         "/opt/homebrew/opt/squid/libexec"};

    snprintf(path, PATH_LEN, "%s", name);
    if (*name == '/')
        return access(path, X_OK) == 0;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        snprintf(path, PATH_LEN, "%s/%s", places[i], name);
        if (access(path, X_OK) == 0)
            return true;
    }
    return false;
}

static int loopback(uint16_t port, struct sockaddr_in *addr)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    *addr = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(fd >= 0);
    CHECK_EQ(fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
    return fd;
}

int squid_reserve_port(uint16_t *port)
{
    struct sockaddr_in addr;
    socklen_t len = sizeof(addr);
    int fd = loopback(0, &addr);

    CHECK_EQ(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    CHECK_EQ(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    *port = ntohs(addr.sin_port);
    return fd;
}

static void wait_until_it_listens(const struct squid *squid)
{
    for (unsigned left = PATIENCE_MS / PAUSE_MS * test_slowness(); left > 0; left--) {
        struct timespec pause = {0, PAUSE_MS * 1000000L}; /* nothing tells when it is ready */
        struct sockaddr_in addr;
        int fd = loopback(squid->port, &addr);
        bool listens = connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0;

        close(fd);
        if (listens)
            return;
        nanosleep(&pause, NULL);
    }
    FAIL("squid did not start, see %s/cache.log", squid->dir);
}

static FILE *make_file(const struct squid *squid, const char *name)
{
    char path[2 * PATH_LEN];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", squid->dir, name);
    file = fopen(path, "w");
    CHECK(file != NULL);
    return file;
}

/* Nothing is kept; nobody is let in who is not among `users`. Where squid can speak to us, it says
 * whom it took us for. */
static void configure(const struct squid *squid, const struct squid_auth *auth, const char *helper)
{
    FILE *file = make_file(squid, "passwords");

    fputs(auth->passwords ? auth->passwords : "", file);
    CHECK_EQ(fclose(file), 0);
    file = make_file(squid, "squid.conf");
    fprintf(file,
            "http_port 127.0.0.1:%u\npid_filename none\naccess_log stdio:%s/access.log\n"
            "cache_log %s/cache.log\ncache deny all\ncoredump_dir none\npinger_enable off\n"
            "auth_param %s program %s ",
            squid->port, squid->dir, squid->dir, auth->scheme, helper);
    if (auth->passwords)
        fprintf(file, "%s/passwords", squid->dir);
    else if (auth->arguments)
        fputs(auth->arguments, file);
    fprintf(file,
            "\nauth_param %s children 2\n%s\nacl users proxy_auth %s\n"
            "http_access allow users\nhttp_access deny all\nvisible_hostname localhost\n"
            "reply_header_add X-Proxy-User \"%%un\"\nshutdown_lifetime 0 seconds\n",
            auth->scheme, auth->lines ? auth->lines : "", auth->users);
    CHECK_EQ(fclose(file), 0);
}

/* It ends when we do: the shell that started it sees our end of the pipe close. */
static void serve(const struct squid *squid)
{
    char command[4 * PATH_LEN], output[2 * PATH_LEN];
    char *argv[] = {"/bin/sh", "-c", command, NULL};
    posix_spawn_file_actions_t files;
    int ends[2];
    pid_t pid;

    snprintf(command, sizeof(command),
             "squid -N -f %s/squid.conf & squid=$!; read gone; kill -s KILL $squid; wait",
             squid->dir);
    snprintf(output, sizeof(output), "%s/output", squid->dir);
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
    wait_until_it_listens(squid);
}

static struct squid *slot_of(const char *helper)
{
    size_t i = 0;

    while (i < SQUIDS_MAX && squids[i].helper && strcmp(squids[i].helper, helper) != 0)
        i++;
    CHECK(i < SQUIDS_MAX);
    return &squids[i];
}

static void find_squid(void)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s:/usr/sbin:/usr/local/sbin:/sbin",
             getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    setenv("PATH", path, 1);
    if (system("command -v squid >/dev/null") != 0)
        SKIP("squid is not installed");
}

uint16_t squid_start(const struct squid_auth *auth)
{
    struct squid *squid = slot_of(auth->helper);
    char helper[PATH_LEN];

    if (squid->helper)
        return squid->port;
    find_squid();
    if (!find_helper(auth->helper, helper))
        SKIP("a helper of squid's for authentication is not installed");
    CHECK_EQ(chmod(test_temp_dir(), 0755), 0);
    snprintf(squid->dir, sizeof(squid->dir), "%.180s/%.60s", test_temp_dir(), auth->scheme);
    CHECK_EQ(mkdir(squid->dir, 0777), 0);
    CHECK_EQ(chmod(squid->dir, 0777), 0); /* it may run as a user of its own */
    close(squid_reserve_port(&squid->port));
    configure(squid, auth, helper);
    serve(squid);
    squid->helper = auth->helper;
    return squid->port;
}
