/* flows_http.c - messages: framing, methods, status codes, large and small, one and many. */
#include "flows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READ_SIZE = 256 << 10, WRITE_SIZE = 1 << 20, CONCURRENT = 32 };

static struct logged requests[LOG_MAX];

/* ---- persistence ----------------------------------------------------------------------------- */

void flow__a_connection_is_kept(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);

    visit_hello(&web, srv, 0);
    CHECK(recorder_find(web.rec, NULL, WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER, 0) != NULL);
    for (unsigned i = 0; i < 3; i++) {
        visit_hello(&web, srv, 0);
        CHECK(!recorder_find(web.rec, NULL, WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER, 0));
    }
    web_close(&web);
    web = visit_connect(srv, 0, setting.async); /* and beyond the session */
    visit_hello(&web, srv, 0);
    web_close(&web);
    httpd_log_wait(srv, 0, 5, requests);
    CHECK_EQ(logged_connections(requests, 5), 1);
}

void flow__two_hundred_requests_share_a_connection(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);

    for (unsigned i = 0; i < 200; i++) {
        test_note("request %u", i);
        visit_hello(&web, srv, 0);
    }
    web_close(&web);
    httpd_log_wait(srv, 0, 200, requests);
    CHECK_EQ(logged_connections(requests, 200), 1);
}

void flow__a_connection_that_may_not_be_kept_is_not_used_again(struct setting setting)
{
    struct site sites[2] = {visit_site(&setting), visit_site(&setting)};
    struct httpd *srv;

    sites[0].nginx = "keepalive_requests 1;";
    sites[0].apache = "MaxKeepAliveRequests 1";
    sites[1].nginx = "keepalive_timeout 0;";
    sites[1].apache = "KeepAlive Off";
    srv = httpd_start(setting.kind, sites, 2);
    for (unsigned site = 0; site < 2; site++) {
        struct web web = visit_connect(srv, site, setting.async);

        test_note("site %u", site);
        for (unsigned i = 0; i < 4; i++)
            visit_hello(&web, srv, site);
        web_close(&web);
        httpd_log_wait(srv, site, 4, requests);
        /* To Apache the number is of requests after the first. */
        CHECK_EQ(logged_connections(requests, 4), setting.kind == APACHE && site == 0 ? 2 : 4);
    }
}

void flow__unread_bodies_do_not_confuse_what_follows(struct setting setting)
{
    static const char *const paths[] = {"/hello.txt", "/chunks.shtml", "/large.bin"};
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);

    for (unsigned i = 0; i < 3; i++) {
        test_note("after %s", paths[i]);
        visit_request(&web, srv, 0, "GET", paths[i]);
        CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
        CHECK_EQ(web_receive(&web), 0);
        visit_hello(&web, srv, 0);
    }
    web_close(&web);
}

/* ---- bodies down ----------------------------------------------------------------------------- */

void flow__a_chunked_body_arrives_without_its_framing(struct setting setting)
{
    static const char first[] = "/chunks.shtml\n";
    const size_t head = sizeof(first) - 1;
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);

    for (unsigned i = 0; i < 2; i++) {
        struct answer answer = visit(&web, srv, 0, "GET", "/chunks.shtml");

        CHECK_EQ(answer.error, 0);
        CHECK_STR(visit_field(&web, "Transfer-Encoding"), "chunked");
        CHECK_STR(visit_field(&web, "Content-Length"), "");
        CHECK_EQ(answer.len, head + CHUNKS_SIZE);
        CHECK_MEM(answer.body, first, head);
        CHECK(visit_is_pattern(answer.body + head, 0, CHUNKS_SIZE));
    }
    web_close(&web);
    httpd_log_wait(srv, 0, 2, requests);
    CHECK_EQ(logged_connections(requests, 2), 1);
}

/* Read and compare until the end or an error; the bytes read go to *total. */
static DWORD read_pattern(struct web *web, uint64_t *total)
{
    uint8_t *into = malloc(READ_SIZE);
    DWORD error, got = 0;

    do {
        error = web_read(web, into, READ_SIZE, &got);
        if (!error && !WANT(visit_is_pattern(into, *total, got)))
            error = ERROR_INVALID_DATA;
        *total += error ? 0 : got;
    } while (!error && got > 0);
    free(into);
    return error;
}

/* The server's own gzip: chunked, because it does not know the length before. */
void flow__a_body_in_gzip_is_read_as_what_it_stands_for(struct setting setting)
{
    DWORD flags = WINHTTP_DECOMPRESSION_FLAG_ALL;
    struct site site = visit_site(&setting);
    struct answer answer;
    struct httpd *srv;
    struct web web;
    uint64_t total = 0;

    site.nginx = "gzip on; gzip_types *; gzip_min_length 1;";
    site.apache = "SetOutputFilter DEFLATE";
    srv = httpd_start(setting.kind, &site, 1);
    web = visit_connect(srv, 0, setting.async);
    visit(&web, srv, 0, "GET", "/hello.txt"); /* not asked for, not coded */
    CHECK_STR(visit_field(&web, "Content-Encoding"), "");
    visit_request(&web, srv, 0, "GET", "/chunks.shtml");
    visit_add_header(&web, "Accept-Encoding: gzip"); /* asked for, but not to be decoded */
    answer = web_exchange(&web, NULL, 0);
    CHECK_STR(visit_field(&web, "Content-Encoding"), "gzip");
    CHECK_EQ((uint8_t)answer.body[0], 0x1f);
    CHECK(WinHttpSetOption(web.session, WINHTTP_OPTION_DECOMPRESSION, &flags, sizeof(flags)));
    for (unsigned i = 0; i < 2; i++) {
        answer = visit(&web, srv, 0, "GET", "/chunks.shtml");
        CHECK_STR(visit_field(&web, "Content-Encoding"), "");
        CHECK_EQ(answer.len, sizeof("/chunks.shtml\n") - 1 + CHUNKS_SIZE);
        CHECK(visit_is_pattern(answer.body + answer.len - CHUNKS_SIZE, 0, CHUNKS_SIZE));
    }
    visit_request(&web, srv, 0, "GET", "/large.bin");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(read_pattern(&web, &total), 0);
    CHECK_EQ(total, LARGE_SIZE);
    web_close(&web);
    httpd_log_wait(srv, 0, 5, requests);
    CHECK_EQ(logged_connections(requests, 5), 1);
}

void flow__a_large_body_arrives(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    uint64_t total = 0;

    visit_request(&web, srv, 0, "GET", "/large.bin");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    CHECK_EQ(read_pattern(&web, &total), 0);
    CHECK_EQ(total, LARGE_SIZE);
    visit_hello(&web, srv, 0);
    web_close(&web);
    httpd_log_wait(srv, 0, 2, requests);
    CHECK_EQ(logged_connections(requests, 2), 1);
}

void flow__a_server_killed_in_mid_body_is_a_connection_error(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    uint64_t total = 0;
    char byte;
    DWORD got;

    visit_request(&web, srv, 0, "GET", "/large.bin");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_read(&web, &byte, 1, &got), 0);
    CHECK_EQ(got, 1);
    total = got;
    httpd_kill(srv);
    CHECK_EQ(read_pattern(&web, &total), ERROR_WINHTTP_CONNECTION_ERROR);
    CHECK(total < LARGE_SIZE);
    web_close(&web);
}

/* A backend breaks off; the server in front can only break off, too. */
void flow__a_body_cut_short_is_a_connection_error(struct setting setting)
{
    struct server *backend;
    struct site site;
    static char nginx[128], apache[128];
    struct httpd *srv;
    struct web web;

    httpd_require(setting.kind);
    backend = server_play((const struct turn[]){
        {EXPECT, "GET /length "},
        {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"},
        {CLOSE},
        {EXPECT, "GET /chunked "},
        {REPLY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n"},
        {CLOSE},
        {END}});
    site = visit_site(&setting);
    snprintf(nginx, sizeof(nginx), "location /cut/ { proxy_pass http://127.0.0.1:%u/; }",
             server_port(backend));
    snprintf(apache, sizeof(apache), "ProxyPass /cut/ http://127.0.0.1:%u/", server_port(backend));
    site.nginx = nginx;
    site.apache = apache;
    srv = httpd_start(setting.kind, &site, 1);
    web = visit_connect(srv, 0, setting.async);
    for (unsigned i = 0; i < 2; i++) {
        struct answer answer = visit(&web, srv, 0, "GET", i ? "/cut/chunked" : "/cut/length");

        test_note(i ? "chunked" : "with a length");
        CHECK_EQ(answer.status, 200);
        CHECK_EQ(answer.error, ERROR_WINHTTP_CONNECTION_ERROR);
    }
    visit_hello(&web, srv, 0);
    web_close(&web);
    server_stop(&backend);
}

/* ---- bodies up ------------------------------------------------------------------------------- */

static void check_uploaded(const char *name, uint64_t len)
{
    uint8_t *bytes = malloc(READ_SIZE);
    FILE *file = fopen(httpd_upload_path(name), "r");
    uint64_t total = 0;
    size_t got = 1;
    bool same = true;

    WANT(file != NULL);
    if (!file) {
        free(bytes);
        return;
    }
    while (same && got > 0) {
        got = fread(bytes, 1, READ_SIZE, file);
        same = visit_is_pattern(bytes, total, got);
        total += got;
    }
    fclose(file);
    free(bytes);
    remove(httpd_upload_path(name));
    CHECK(same);
    CHECK_EQ(total, len);
}

/* A name nobody used yet, so that the answer is 201 and the file is ours. */
static const char *fresh_name(void)
{
    static char name[32];
    static unsigned number;

    snprintf(name, sizeof(name), "body-%u", number++);
    return name;
}

static const char *upload_target(const char *name)
{
    static char target[64];

    snprintf(target, sizeof(target), "/upload/%s", name);
    return target;
}

void flow__a_large_body_is_sent(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    uint8_t *piece = malloc(WRITE_SIZE);
    const char *name = fresh_name();
    DWORD error;

    visit_request(&web, srv, 0, "PUT", upload_target(name));
    error = web_send(&web, NULL, NULL, 0, LARGE_SIZE);
    for (uint64_t from = 0; !error && from < LARGE_SIZE; from += WRITE_SIZE) {
        server_pattern(piece, from, WRITE_SIZE);
        error = web_write(&web, piece, WRITE_SIZE);
    }
    free(piece);
    CHECK_EQ(error, 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 201);
    check_uploaded(name, LARGE_SIZE);
    visit_hello(&web, srv, 0);
    web_close(&web);
}

void flow__a_body_in_the_applications_own_chunks_is_sent(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    static uint8_t chunk[6 + 1000 + 2];
    const char *name = fresh_name();

    visit_request(&web, srv, 0, "PUT", upload_target(name));
    visit_add_header(&web, "Transfer-Encoding: chunked");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH), 0);
    for (unsigned i = 0; i < 100; i++) {
        memcpy(chunk, "03e8\r\n", 6);
        server_pattern(chunk + 6, i * 1000u, 1000);
        memcpy(chunk + 1006, "\r\n", 2);
        CHECK_EQ(web_write(&web, chunk, sizeof(chunk)), 0);
    }
    CHECK_EQ(web_write(&web, "0\r\n\r\n", 5), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 201);
    check_uploaded(name, 100 * 1000);
    visit_hello(&web, srv, 0);
    web_close(&web);
}

/* The server answers 413 to the head and goes on reading for a while, so that its answer is not
 * lost to a reset. */
void flow__an_early_answer_to_a_long_body_arrives(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    uint8_t *piece = calloc(1, WRITE_SIZE);
    DWORD error;

    visit_request(&web, srv, 0, "PUT", "/upload/small/body");
    error = web_send(&web, NULL, NULL, 0, 8 * WRITE_SIZE);
    for (unsigned i = 0; !error && i < 8; i++)
        error = web_write(&web, piece, WRITE_SIZE);
    free(piece);
    CHECK_EQ(error, 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 413);
    visit_hello(&web, srv, 0);
    web_close(&web);
}

/* ---- kinds of answers ------------------------------------------------------------------------ */

/* What has no body must not eat the next response either: all over one connection. */
static void check_no_body(struct setting setting, const char *verb, const char *path, DWORD status,
                          const char *length)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    struct answer answer = visit(&web, srv, 0, verb, path);
    DWORD available = 1;

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, status);
    CHECK_EQ(answer.len, 0);
    CHECK_STR(visit_field(&web, "Content-Length"), length);
    CHECK_EQ(web_available(&web, &available), 0);
    CHECK_EQ(available, 0);
    visit_hello(&web, srv, 0);
    web_close(&web);
    httpd_log_wait(srv, 0, 2, requests);
    CHECK_EQ(logged_connections(requests, 2), 1);
}

void flow__a_head_request_has_no_body(struct setting setting)
{
    char length[16];

    snprintf(length, sizeof(length), "%zu", strlen(HELLO));
    check_no_body(setting, "HEAD", "/hello.txt", 200, length);
}

void flow__a_204_has_no_body(struct setting setting)
{
    check_no_body(setting, "GET", "/empty", 204, "");
}

void flow__a_304_has_no_body(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    char line[128];
    struct answer answer;

    visit_hello(&web, srv, 0);
    snprintf(line, sizeof(line), "If-Modified-Since: %s", visit_field(&web, "Last-Modified"));
    visit_request(&web, srv, 0, "GET", "/hello.txt");
    visit_add_header(&web, line);
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 304);
    CHECK_EQ(answer.len, 0);
    visit_hello(&web, srv, 0);
    web_close(&web);
    httpd_log_wait(srv, 0, 3, requests);
    CHECK_EQ(logged_connections(requests, 3), 1);
}

static struct answer visit_range(struct web *web, struct httpd *srv, const char *range)
{
    visit_request(web, srv, 0, "GET", "/hello.txt");
    visit_add_header(web, range);
    return web_exchange(web, NULL, 0);
}

void flow__ranges_are_delivered(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    struct answer answer = visit_range(&web, srv, "Range: bytes=6-9");

    CHECK_EQ(answer.status, 206);
    CHECK_STR(visit_field(&web, "Content-Range"), "bytes 6-9/25");
    CHECK_STR(answer.body, "from");
    answer = visit_range(&web, srv, "Range: bytes=0-4,-7");
    CHECK_EQ(answer.status, 206);
    CHECK(!strncmp(visit_field(&web, "Content-Type"), "multipart/byteranges", 20));
    CHECK(strstr(answer.body, "hello\r\n") != NULL && strstr(answer.body, "server\n") != NULL);
    answer = visit_range(&web, srv, "Range: bytes=100-");
    CHECK_EQ(answer.status, 416);
    CHECK(answer.len > 0 && !strstr(answer.body, "hello"));
    visit_hello(&web, srv, 0);
    web_close(&web);
}

void flow__a_404_has_a_body(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    struct answer answer = visit(&web, srv, 0, "GET", "/nowhere");

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 404);
    CHECK(answer.body && strstr(answer.body, "404 Not Found") != NULL);
    visit_hello(&web, srv, 0);
    web_close(&web);
    httpd_log_wait(srv, 0, 2, requests);
    CHECK_EQ(logged_connections(requests, 2), 1);
}

static struct answer visit_1_0(struct web *web, struct httpd *srv, const char *path)
{
    web_close_request(web);
    web->request =
        WinHttpOpenRequest(web->connection, text_wide("GET"), text_wide(path),
                           text_wide("HTTP/1.0"), WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES,
                           httpd_is_secure(srv, 0) ? WINHTTP_FLAG_SECURE : 0);
    CHECK(web->request != NULL);
    return web_exchange(web, NULL, 0);
}

void flow__an_http_1_0_request_is_answered(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    struct answer answer = visit_1_0(&web, srv, "/chunks.shtml");

    CHECK_EQ(answer.error, 0); /* the end of the body is the end of the connection */
    CHECK_EQ(answer.status, 200);
    CHECK_STR(visit_field(&web, "Transfer-Encoding"), "");
    CHECK_EQ(answer.len, strlen("/chunks.shtml\n") + CHUNKS_SIZE);
    answer = visit_1_0(&web, srv, "/hello.txt");
    CHECK_EQ(answer.error, 0);
    CHECK_STR(answer.body, HELLO);
    visit_hello(&web, srv, 0);
    web_close(&web);
}

/* ---- many at once ---------------------------------------------------------------------------- */

struct one {
    HINTERNET request;
    uint64_t total;
    uint8_t into[64 << 10];
    bool done;
};

static struct one *one_of(struct one *all, HINTERNET request)
{
    for (unsigned i = 0; i < CONCURRENT; i++)
        if (all[i].request == request)
            return &all[i];
    return NULL;
}

/* The next step of the request that `seen` is about. */
static void one_goes_on(struct one *one, const struct seen *seen)
{
    switch (seen->status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        CHECK(WinHttpReceiveResponse(one->request, NULL));
        return;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        CHECK(visit_is_pattern(one->into, one->total, seen->length));
        one->total += seen->length;
        one->done = seen->length == 0;
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        FAIL("request failed with %u", (unsigned)seen->error);
        return;
    default:
        break;
    }
    if (!one->done)
        CHECK(WinHttpReadData(one->request, one->into, sizeof(one->into), NULL));
}

void flow__thirty_two_requests_run_at_once(struct setting setting)
{
    const DWORD steps =
        WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE | WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE |
        WINHTTP_CALLBACK_STATUS_READ_COMPLETE | WINHTTP_CALLBACK_STATUS_REQUEST_ERROR;
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, true);
    static struct one all[CONCURRENT];
    unsigned done = 0;

    memset(all, 0, sizeof(all));
    for (unsigned i = 0; i < CONCURRENT; i++) {
        visit_request(&web, srv, 0, "GET", "/large.bin");
        visit_add_header(&web, "Range: bytes=0-1004000"); /* a multiple of the pattern, and one */
        all[i].request = web.request;
        web.request = NULL;
    }
    recorder_clear(web.rec);
    for (unsigned i = 0; i < CONCURRENT; i++)
        CHECK(WinHttpSendRequest(all[i].request, NULL, 0, NULL, 0, 0, 0));
    while (done < CONCURRENT) {
        const struct seen *seen = recorder_wait(web.rec, NULL, steps);
        struct one *one = one_of(all, seen->handle);

        CHECK(one != NULL);
        one_goes_on(one, seen);
        done += one->done;
    }
    for (unsigned i = 0; i < CONCURRENT; i++) {
        CHECK_EQ(all[i].total, 1004001);
        CHECK_EQ(web_status(all[i].request), 206);
        web.request = all[i].request;
        web_close_request(&web);
    }
    web_close(&web);
    httpd_log_wait(srv, 0, CONCURRENT, requests);
}

/* ---- servers come and go --------------------------------------------------------------------- */

void flow__a_restart_between_two_requests_goes_unnoticed(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    const char *name = fresh_name();
    uint8_t body[1000];
    struct answer answer;

    server_pattern(body, 0, sizeof(body));
    visit_hello(&web, srv, 0);
    httpd_log_wait(srv, 0, 1, requests); /* its last words, before it goes */
    httpd_stop(srv);
    httpd_start_again(srv);
    visit_hello(&web, srv, 0);
    httpd_log_wait(srv, 0, 2, requests);
    httpd_kill(srv);
    httpd_start_again(srv);
    visit_request(&web, srv, 0, "PUT", upload_target(name));
    answer = web_exchange(&web, body, sizeof(body));
    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 201);
    check_uploaded(name, sizeof(body));
    web_close(&web);
    httpd_log_wait(srv, 0, 3, requests);
    CHECK_EQ(logged_connections(requests, 3), 3);
}

void flow__a_graceful_reload_goes_unnoticed(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);

    for (unsigned i = 0; i < 3; i++) {
        test_note("reload %u", i);
        for (unsigned n = 0; n < 20; n++)
            visit_hello(&web, srv, 0);
        httpd_reload(srv);
    }
    for (unsigned n = 0; n < 20; n++)
        visit_hello(&web, srv, 0);
    web_close(&web);
    httpd_log_wait(srv, 0, 80, requests);
}
