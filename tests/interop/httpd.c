/* httpd.c - see httpd.h.
 *
 * The server is our child, in the foreground, and leads a process group of its own with its
 * workers in it. Beside it stands a shell that holds the reading end of a pipe whose other end only
 * we have: when we are gone, the shell sees the end of the pipe and ends the group. Nothing here
 * forks a process with threads in it; posix_spawn does not.
 */
#include "httpd.h"
#include "server.h"
#include "test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_LEN = 256, ATTEMPTS = 5, PATIENCE_MS = 20000, PAUSE_MS = 2, PUT_SIZE = 64 << 10 };

struct httpd {
    enum httpd_kind kind;
    struct site sites[SITES_MAX];
    uint16_t ports[SITES_MAX];
    unsigned count;
    char program[PATH_LEN], modules[PATH_LEN], dir[PATH_LEN], config[PATH_LEN];
    pid_t pid;      /* 0: not running */
    pid_t guardian; /* 0: none        */
    int lifeline;   /* the guardian ends the server when this closes */
};

extern char **environ;

/* ---- small things ---------------------------------------------------------------------------- */

/* Between two looks at what another process does; there is nothing to wait on. */
static void pause_briefly(void)
{
    struct timespec pause = {0, PAUSE_MS * 1000000L};

    nanosleep(&pause, NULL);
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool is_late(uint64_t since)
{
    return now_ms() - since > (uint64_t)PATIENCE_MS * test_slowness();
}

static bool find_program(const char *name, char out[static PATH_LEN])
{
    const char *paths = getenv("PATH");
    char all[4096];
    char *rest = all, *dir;

    snprintf(all, sizeof(all), "%s:/usr/sbin:/usr/local/sbin:/sbin:/opt/homebrew/bin",
             paths ? paths : "");
    while ((dir = strsep(&rest, ":")) != NULL) {
        snprintf(out, PATH_LEN, "%s/%s", dir, name);
        if (*dir && access(out, X_OK) == 0)
            return true;
    }
    return false;
}

static bool find_modules(char out[static PATH_LEN])
{
    static const char *const places[] = {"/usr/lib/apache2/modules", "/usr/lib64/httpd/modules",
                                         "/usr/libexec/apache2", "/usr/lib/httpd/modules",
                                         "/opt/homebrew/opt/httpd/lib/httpd/modules"};
    char probe[PATH_LEN];

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        snprintf(out, PATH_LEN, "%s", places[i]);
        snprintf(probe, PATH_LEN, "%s/mod_ssl.so", places[i]);
        if (access(probe, R_OK) == 0)
            return true;
    }
    return false;
}

static void find_server(struct httpd *srv)
{
    if (srv->kind == NGINX) {
        if (!find_program("nginx", srv->program))
            SKIP("nginx is not installed");
        return;
    }
    if ((!find_program("apache2", srv->program) && !find_program("httpd", srv->program)) ||
        !find_modules(srv->modules))
        SKIP("Apache httpd (apache2) with mod_ssl is not installed");
}

void httpd_require(enum httpd_kind kind)
{
    struct httpd probe = {.kind = kind};

    find_server(&probe);
}

void httpd_require_module(const char *name)
{
    struct httpd probe = {.kind = APACHE};
    static char reason[128];

    find_server(&probe);
    snprintf(reason, sizeof(reason), "mod_%s for Apache httpd is not installed", name);
    if (!httpd_has_module(probe.modules, name))
        SKIP(reason);
}

/* ---- documents ------------------------------------------------------------------------------- */

static char www[PATH_LEN], uploads[PATH_LEN];

static void write_file(const char *name, const char *text, size_t pattern_len)
{
    static uint8_t bytes[PUT_SIZE];
    char path[2 * PATH_LEN];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", www, name);
    file = fopen(path, "w");
    CHECK(file != NULL);
    fputs(text, file);
    for (size_t from = 0; from < pattern_len; from += PUT_SIZE) {
        size_t len = pattern_len - from < PUT_SIZE ? pattern_len - from : PUT_SIZE;

        server_pattern(bytes, from, len);
        CHECK_EQ(fwrite(bytes, 1, len, file), len);
    }
    CHECK_EQ(fclose(file), 0);
}

static void make_dir(char out[static PATH_LEN], const char *parent, const char *name, mode_t mode)
{
    snprintf(out, PATH_LEN, "%s/%s", parent, name);
    CHECK(mkdir(out, mode) == 0 || errno == EEXIST);
    CHECK_EQ(chmod(out, mode), 0); /* whatever the umask says */
}

/* What nginx does by itself, for Apache, whose WebDAV needs a database that not every build has. */
static void write_store_script(void)
{
    char path[2 * PATH_LEN], dir[PATH_LEN];

    make_dir(dir, uploads, "bin", 0755);
    snprintf(path, sizeof(path), "%s/store", dir);
    test_write_file(path,
                    "#!/bin/sh\ncat > \"%s/upload$PATH_INFO\" &&\n"
                    "printf 'Status: 201 Created\\r\\nContent-Length: 0\\r\\n\\r\\n'\n",
                    uploads);
    CHECK_EQ(chmod(path, 0755), 0);
}

/* Made once per program. The workers may be another user, to whom the scratch directory opens; the
 * keys in it are a minute old and trusted by this process alone. */
static void make_documents(void)
{
    char dir[PATH_LEN];

    if (www[0])
        return;
    CHECK_EQ(chmod(test_temp_dir(), 0755), 0);
    snprintf(uploads, sizeof(uploads), "%s", test_temp_dir());
    make_dir(dir, uploads, "upload", 0777);
    make_dir(dir, uploads, "upload/small", 0777);
    make_dir(www, test_temp_dir(), "www", 0755);
    write_store_script();
    write_file("hello.txt", HELLO, 0);
    write_file("large.bin", "", LARGE_SIZE);
    write_file("chunks.shtml", "<!--#echo var=\"DOCUMENT_URI\" -->\n", CHUNKS_SIZE);
}

const char *httpd_upload_path(const char *name)
{
    static char path[2 * PATH_LEN];

    snprintf(path, sizeof(path), "%s/upload/%s", uploads, name);
    return path;
}

/* ---- ports ----------------------------------------------------------------------------------- */

static int loopback_socket(struct sockaddr_in *addr, uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    CHECK(fd >= 0);
    CHECK_EQ(fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
    memset(addr, 0, sizeof(*addr));
    addr->sin_family = AF_INET;
    addr->sin_port = htons(port);
    addr->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return fd;
}

/* Ports that are free now. All are held until the last is known, so that they differ. */
static void choose_ports(struct httpd *srv)
{
    int held[SITES_MAX];
    struct sockaddr_in addr;
    socklen_t len = sizeof(addr);

    for (unsigned i = 0; i < srv->count; i++) {
        held[i] = loopback_socket(&addr, 0);
        CHECK_EQ(bind(held[i], (struct sockaddr *)&addr, sizeof(addr)), 0);
        CHECK_EQ(getsockname(held[i], (struct sockaddr *)&addr, &len), 0);
        srv->ports[i] = ntohs(addr.sin_port);
    }
    for (unsigned i = 0; i < srv->count; i++)
        close(held[i]);
}

static bool listens(uint16_t port)
{
    struct sockaddr_in addr;
    int fd = loopback_socket(&addr, port);
    bool connected = connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0;

    close(fd);
    return connected;
}

/* ---- processes ------------------------------------------------------------------------------- */

/* Start `argv` at the head of a process group, its input from `in`. */
static pid_t spawn(char *const argv[], int in, const char *output)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none;
    pid_t pid = 0;

    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, 0);
    posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&how, 0);
    posix_spawnattr_setsigmask(&how, &none);
    CHECK_EQ(posix_spawn(&pid, argv[0], &files, &how, argv, environ), 0);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

static void start_guardian(struct httpd *srv)
{
    char group[32];
    char *argv[] = {"/bin/sh", "-c", "read gone; kill -s KILL -- \"-$1\"", "sh", group, NULL};
    int ends[2];

    snprintf(group, sizeof(group), "%ld", (long)srv->pid);
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(fcntl(ends[0], F_SETFD, FD_CLOEXEC), 0);
    CHECK_EQ(fcntl(ends[1], F_SETFD, FD_CLOEXEC), 0);
    srv->lifeline = ends[1];
    srv->guardian = spawn(argv, ends[0], "/dev/null");
    close(ends[0]);
}

static void end_guardian(struct httpd *srv)
{
    if (!srv->guardian)
        return;
    kill(srv->guardian,
         SIGKILL); /* before it sees the pipe close: the group's number is free now */
    waitpid(srv->guardian, NULL, 0);
    close(srv->lifeline);
    srv->guardian = 0;
}

/* Has the server ended? Reaps it. */
static bool has_ended(struct httpd *srv)
{
    if (srv->pid && waitpid(srv->pid, NULL, WNOHANG) == srv->pid) {
        kill(-srv->pid, SIGKILL); /* workers that survived it, if any */
        srv->pid = 0;
    }
    return srv->pid == 0;
}

static void server_path(const struct httpd *srv, const char *name, char out[static 2 * PATH_LEN])
{
    snprintf(out, 2 * PATH_LEN, "%s/%s", srv->dir, name);
}

/* Ours listens, and not somebody else on a port of ours: the pid file is written after bind(). */
static bool is_ready(const struct httpd *srv)
{
    char pid_file[2 * PATH_LEN];

    server_path(srv, "pid", pid_file);
    if (access(pid_file, F_OK) != 0)
        return false;
    for (unsigned i = 0; i < srv->count; i++)
        if (!listens(srv->ports[i]))
            return false;
    return true;
}

static bool run(struct httpd *srv)
{
    char output[2 * PATH_LEN], errors[2 * PATH_LEN], pid_file[2 * PATH_LEN];
    char *nginx[] = {srv->program, "-c", srv->config, "-p", srv->dir, "-e", errors, NULL};
    char *apache[] = {srv->program, "-f", srv->config, "-DFOREGROUND", NULL};
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    uint64_t since = now_ms();

    server_path(srv, "output", output);
    server_path(srv, "error.log", errors);
    server_path(srv, "pid", pid_file);
    unlink(pid_file);
    srv->pid = spawn(srv->kind == NGINX ? nginx : apache, in, output);
    close(in);
    start_guardian(srv);
    while (!is_ready(srv)) {
        if (has_ended(srv) || is_late(since)) {
            httpd_kill(srv);
            return false;
        }
        pause_briefly();
    }
    return true;
}

void httpd_kill(struct httpd *srv)
{
    if (srv->pid) {
        kill(-srv->pid, SIGKILL);
        waitpid(srv->pid, NULL, 0);
        srv->pid = 0;
    }
    end_guardian(srv);
}

void httpd_stop(struct httpd *srv)
{
    uint64_t since = now_ms();

    if (srv->pid)
        kill(srv->pid, SIGTERM);
    while (!has_ended(srv)) {
        if (is_late(since)) {
            httpd_kill(srv);
            FAIL("the server did not stop");
        }
        pause_briefly();
    }
    end_guardian(srv);
}

/* ---- files of the server --------------------------------------------------------------------- */

/* A whole file, NUL-terminated, for the caller to free; an empty text if there is none. */
static char *read_text(const struct httpd *srv, const char *name)
{
    char path[2 * PATH_LEN];
    struct stat st = {0};
    FILE *file;
    char *text;
    size_t len = 0;

    server_path(srv, name, path);
    file = fopen(path, "r");
    if (file && fstat(fileno(file), &st) != 0)
        st.st_size = 0;
    text = malloc((size_t)st.st_size + 1);
    if (!text)
        abort();
    if (file) {
        len = fread(text, 1, (size_t)st.st_size, file);
        fclose(file);
    }
    text[len] = 0;
    return text;
}

static unsigned count_in_errors(const struct httpd *srv, const char *phrase)
{
    char *text = read_text(srv, "error.log");
    unsigned count = 0;

    for (const char *at = text; (at = strstr(at, phrase)) != NULL; at++)
        count++;
    free(text);
    return count;
}

static void print_errors(const struct httpd *srv)
{
    static const char *const names[] = {"output", "error.log"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *text = read_text(srv, names[i]);

        fprintf(stderr, "---- %s of the server:\n%s", names[i], text);
        free(text);
    }
}

/* ---- life ------------------------------------------------------------------------------------ */

static void end_with_test(void *user)
{
    struct httpd *srv = user;

    if (test_has_failed())
        print_errors(srv);
    httpd_kill(srv);
    free(srv);
}

static void write_config(struct httpd *srv)
{
    const struct httpd_plan plan = {.kind = srv->kind,
                                    .dir = srv->dir,
                                    .www = www,
                                    .uploads = uploads,
                                    .modules = srv->modules,
                                    .sites = srv->sites,
                                    .ports = srv->ports,
                                    .count = srv->count};

    httpd_config_write(&plan, srv->config);
}

struct httpd *httpd_start(enum httpd_kind kind, const struct site *sites, unsigned count)
{
    static unsigned number;
    struct httpd *srv = calloc(1, sizeof(*srv));
    char name[32];

    CHECK(srv != NULL && count > 0 && count <= SITES_MAX);
    test_at_end(end_with_test, srv);
    srv->kind = kind;
    srv->count = count;
    memcpy(srv->sites, sites, count * sizeof(sites[0]));
    find_server(srv);
    make_documents();
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        snprintf(name, sizeof(name), "server-%u", number++);
        make_dir(srv->dir, test_temp_dir(), name, 0777);
        snprintf(srv->config, sizeof(srv->config), "%.200s/config", srv->dir);
        choose_ports(srv);
        write_config(srv);
        if (run(srv))
            return srv;
    }
    FAIL("%s did not start", srv->program);
    return srv;
}

void httpd_start_again(struct httpd *srv)
{
    CHECK_EQ(srv->pid, 0);
    /* Its ports were given to nobody in particular meanwhile, and may be a client's for a moment. */
    for (unsigned i = 0; i < ATTEMPTS; i++)
        if (run(srv))
            return;
    FAIL("%s did not start again", srv->program);
}

void httpd_reload(struct httpd *srv)
{
    const char *ready = srv->kind == NGINX ? "start worker process " : "resuming normal operations";
    unsigned before = count_in_errors(srv, ready);
    uint64_t since = now_ms();

    CHECK_EQ(kill(srv->pid, srv->kind == NGINX ? SIGHUP : SIGUSR1), 0);
    while (count_in_errors(srv, ready) == before) {
        if (is_late(since))
            FAIL("the server did not reload");
        pause_briefly();
    }
}

uint16_t httpd_port(const struct httpd *srv, unsigned site)
{
    return srv->ports[site];
}

bool httpd_is_secure(const struct httpd *srv, unsigned site)
{
    return srv->sites[site].cert != NULL;
}

/* ---- the access log -------------------------------------------------------------------------- */

static bool parse_line(const char *line, unsigned *site_port, struct logged *out)
{
    char resumed[16];

    if (sscanf(line, "%u %u %15s %63s %u %15s %15s", site_port, &out->client_port, out->method,
               out->target, &out->status, out->protocol, resumed) != 7)
        return false;
    out->resumed = !strcmp(resumed, "r") || !strcmp(resumed, "Resumed");
    return true;
}

unsigned httpd_log(struct httpd *srv, unsigned site, struct logged out[static LOG_MAX])
{
    char *text = read_text(srv, "access.log");
    char *rest = text, *line;
    unsigned count = 0, port;

    while ((line = strsep(&rest, "\n")) != NULL && rest && count < LOG_MAX) {
        if (!parse_line(line, &port, &out[count]))
            FAIL("not a line of the log: %s", line);
        if (port == srv->ports[site])
            count++;
    }
    free(text);
    return count;
}

void httpd_log_wait(struct httpd *srv, unsigned site, unsigned count,
                    struct logged out[static LOG_MAX])
{
    uint64_t since = now_ms();
    unsigned seen;

    while ((seen = httpd_log(srv, site, out)) < count) {
        if (is_late(since)) {
            FAIL("the server logged %u requests instead of %u", seen, count);
            return;
        }
        pause_briefly();
    }
    CHECK_EQ(seen, count);
}

unsigned logged_connections(const struct logged *requests, unsigned count)
{
    unsigned different = 0;

    for (unsigned i = 0; i < count; i++) {
        unsigned before = 0;

        while (before < i && requests[before].client_port != requests[i].client_port)
            before++;
        different += before == i;
    }
    return different;
}
