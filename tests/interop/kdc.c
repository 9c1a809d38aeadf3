/* kdc.c - see kdc.h.
 *
 * The KDC is the child of a shell that reads from a pipe whose other end only we have: when we are
 * gone, the shell sees the end of the pipe and ends the KDC.
 */
#include "kdc.h"
#include "test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { PATH_LEN = 256, PATIENCE_MS = 20000, PAUSE_MS = 5 };

static char dir[PATH_LEN], keytab[PATH_LEN];
static uint16_t port;

/* Run a shell command in the directory; its output goes to the log there. */
static pid_t shell(int in, const char *command)
{
    posix_spawn_file_actions_t files;
    char log[2 * PATH_LEN];
    char *argv[] = {"/bin/sh", "-c", (char *)command, NULL};
    pid_t pid = 0;

    snprintf(log, sizeof(log), "%s/log", dir);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, 0);
    posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    CHECK_EQ(posix_spawn(&pid, argv[0], &files, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

__attribute__((format(printf, 1, 2))) static void run(const char *format, ...)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC), status = -1;
    char command[2048];
    va_list args;

    va_start(args, format);
    vsnprintf(command, sizeof(command), format, args);
    va_end(args);
    CHECK_EQ(waitpid(shell(null, command), &status, 0) > 0, 1);
    close(null);
    if (status != 0)
        FAIL("%s: status %d, see %s/log", command, status, dir);
}

static int loopback(struct sockaddr_in *addr)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memset(addr, 0, sizeof(*addr));
    addr->sin_family = AF_INET;
    addr->sin_port = htons(port);
    addr->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(fd >= 0);
    return fd;
}

static void choose_port(void)
{
    struct sockaddr_in addr;
    socklen_t len = sizeof(addr);
    int fd;

    port = 0;
    fd = loopback(&addr);
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
    FAIL("the KDC did not start, see %s/log", dir);
}

static void configure(void)
{
    char path[2 * PATH_LEN];

    snprintf(path, sizeof(path), "%s/krb5.conf", dir);
    setenv("KRB5_CONFIG", path, 1);
    test_write_file(path,
                    "[libdefaults]\ndefault_realm = " KDC_REALM "\ndns_lookup_kdc = false\n"
                    "dns_lookup_realm = false\ndns_canonicalize_hostname = false\nrdns = false\n"
                    "udp_preference_limit = 1\nqualify_shortname = \"\"\n"
                    "[realms]\n" KDC_REALM " = {\n kdc = 127.0.0.1:%u\n}\n"
                    "[domain_realm]\nlocalhost = " KDC_REALM "\n",
                    port);
    snprintf(path, sizeof(path), "%s/kdc.conf", dir);
    setenv("KRB5_KDC_PROFILE", path, 1);
    test_write_file(path,
                    "[kdcdefaults]\nkdc_listen = 127.0.0.1:%u\nkdc_tcp_listen = 127.0.0.1:%u\n"
                    "[realms]\n" KDC_REALM " = {\n database_name = %s/principal\n"
                    " key_stash_file = %s/stash\n acl_file = %s/acl\n}\n"
                    "[logging]\nkdc = FILE:%s/kdc.log\n",
                    port, port, dir, dir, dir, dir);
}

static void serve(void)
{
    int ends[2];

    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(fcntl(ends[0], F_SETFD, FD_CLOEXEC), 0);
    CHECK_EQ(fcntl(ends[1], F_SETFD, FD_CLOEXEC), 0); /* stays open as long as we live */
    shell(ends[0], "krb5kdc -n & kdc=$!; read gone; kill $kdc; wait");
    close(ends[0]);
    wait_until_it_listens();
}

static bool is_installed(void)
{
    return system("command -v krb5kdc kdb5_util kadmin.local kinit >/dev/null") == 0;
}

static void no_tickets(void)
{
    char path[2 * PATH_LEN];

    snprintf(path, sizeof(path), "FILE:%s/nobody", dir);
    setenv("KRB5CCNAME", path, 1);
}

void kdc_start(void)
{
    char path[4096];

    if (port) {
        no_tickets();
        return;
    }
    snprintf(path, sizeof(path), "%s:/usr/sbin:/usr/local/sbin:/sbin",
             getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    setenv("PATH", path, 1);
    if (!is_installed())
        SKIP("MIT's KDC (krb5-kdc, krb5-admin-server, krb5-user) is not installed");
    CHECK_EQ(chmod(test_temp_dir(), 0755), 0);
    snprintf(dir, sizeof(dir), "%.200s/kdc", test_temp_dir());
    snprintf(keytab, sizeof(keytab), "%.200s/keytab", dir);
    CHECK_EQ(mkdir(dir, 0755), 0);
    choose_port();
    configure();
    no_tickets();
    run("kdb5_util create -s -P master-key");
    for (int i = 0; i < 2; i++)
        run("kadmin.local -q 'addprinc -pw \"" KDC_PASSWORD "\" %s'", i ? "bob" : "alice");
    run("kadmin.local -q 'addprinc -randkey HTTP/localhost'");
    run("kadmin.local -q 'ktadd -k %s HTTP/localhost' && chmod 644 %s", keytab, keytab);
    serve();
}

const char *kdc_keytab(void)
{
    return keytab;
}

void kdc_log_on(const char *user)
{
    char path[2 * PATH_LEN];

    snprintf(path, sizeof(path), "FILE:%s/tickets-%s", dir, user);
    setenv("KRB5CCNAME", path, 1);
    run("echo '" KDC_PASSWORD "' | kinit %s", user);
}
