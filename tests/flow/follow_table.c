/* follow_table.c - every redirect there is: each status, method, kind of body and pair of origins, in
 * both modes; and for each, what the second server saw of the application's secrets.
 *
 * Two servers: the first redirects, the second says what it got. What is expected is written down
 * here, from RFC 9110, section 15.4, and from what Windows does with methods; nothing is asked of the
 * library.
 */
#include "flow.h"

#include <stdio.h>
#include <stdlib.h>

#define BODY "the body of this request"

/* The application's own header fields. */
#define FIELDS                                                                                     \
    "Authorization: Custom secret\r\nCookie: secret=1\r\nProxy-Authorization: Custom proxy\r\n"    \
    "Content-Type: text/x-test\r\nContent-Language: tlh\r\nX-Other: kept\r\n"

enum place { SAME_ORIGIN, OTHER_PORT, OTHER_HOST, TO_SECURE, TO_PLAIN };
enum body { NO_BODY, OPTIONAL_BODY, WRITTEN_BODY };

struct scene {
    enum place place;
    struct server *first, *second;
    char location[128];
};

/* ---- the servers ----------------------------------------------------------------------------- */

static size_t read_body(struct server_conn *conn, const char *head, char *body, size_t size)
{
    char length[32];
    size_t len = server_header(head, "Content-Length", length, sizeof(length))
                     ? strtoul(length, NULL, 10)
                     : 0;
    size_t got = 0;

    CHECK(len < size);
    while (got < len) {
        size_t more = server_conn_read(conn, body + got, len - got);

        if (more == 0)
            break;
        got += more;
    }
    body[got] = 0;
    return got;
}

/* "METHOD /path?query [body]", told to the client, except where the answer to HEAD has no body. */
static bool tell(struct server_conn *conn, const char *head, const char *body)
{
    char said[256];
    int len =
        snprintf(said, sizeof(said), "%.*s [%s]", (int)(strstr(head, " HTTP/") - head), head, body);
    bool is_head = strncmp(head, "HEAD ", 5) == 0;

    return server_conn_print(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len,
                             is_head ? "" : said);
}

/* /to/STATUS is redirected; the rest is told. */
static void serve(struct server_conn *conn, void *user)
{
    const struct scene *scene = user;
    const char *head;
    char body[128];

    while ((head = server_conn_head(conn))) {
        const char *to = strstr(head, " /to/");
        bool going;

        read_body(conn, head, body, sizeof(body));
        if (to)
            going = server_conn_print(
                conn, "HTTP/1.1 %.3s Elsewhere\r\nLocation: %s\r\nContent-Length: %d\r\n\r\n%s",
                to + 5, scene->location, strncmp(head, "HEAD ", 5) ? 4 : 0,
                strncmp(head, "HEAD ", 5) ? "gone" : "");
        else
            going = tell(conn, head, body);
        if (!going)
            return;
    }
}

static void scene_open(struct scene *scene, enum place place)
{
    struct server_options plain = {.tls = false}, secure = {.tls = true};
    bool one = place == SAME_ORIGIN;

    scene->place = place;
    scene->second = one ? NULL : server_run(place == TO_SECURE ? &secure : &plain, serve, scene);
    snprintf(scene->location, sizeof(scene->location), "/end?x");
    if (!one)
        snprintf(scene->location, sizeof(scene->location), "%s://%s:%u/end?x",
                 place == TO_SECURE ? "https" : "http",
                 place == OTHER_HOST ? "localhost" : "127.0.0.1", server_port(scene->second));
    scene->first = server_run(place == TO_PLAIN ? &secure : &plain, serve, scene);
}

static void scene_close(struct scene *scene)
{
    if (scene->second)
        server_stop(&scene->second);
    server_stop(&scene->first);
}

/* ---- what must come -------------------------------------------------------------------------- */

static const char *method_after(unsigned status, const char *method)
{
    if (status == 303)
        return strcmp(method, "HEAD") == 0 ? "HEAD" : "GET";
    if (status <= 302 && strcmp(method, "POST") == 0)
        return "GET";
    return method;
}

static void check_second_head(const struct scene *scene, const char *head, bool kept_body)
{
    bool home = scene->place == SAME_ORIGIN;
    char value[128], expected[64];

    CHECK_EQ(server_header(head, "Authorization", value, sizeof(value)), home);
    CHECK_EQ(server_header(head, "Cookie", value, sizeof(value)), home);
    CHECK_EQ(server_header(head, "Proxy-Authorization", value, sizeof(value)), home);
    CHECK_EQ(server_header(head, "Content-Type", value, sizeof(value)), kept_body);
    CHECK_EQ(server_header(head, "Content-Language", value, sizeof(value)), kept_body);
    CHECK(server_header(head, "X-Other", value, sizeof(value)));
    CHECK(server_header(head, "Host", value, sizeof(value)));
    snprintf(expected, sizeof(expected), "%s:%u",
             scene->place == OTHER_HOST ? "localhost" : "127.0.0.1",
             server_port(home ? scene->first : scene->second));
    CHECK_STR(value, expected);
}

static DWORD send_it(struct web *web, enum body body)
{
    DWORD len = sizeof(BODY) - 1, error;

    if (body == OPTIONAL_BODY)
        return web_send(web, FIELDS, BODY, len, len);
    error = web_send(web, FIELDS, NULL, 0, body == WRITTEN_BODY ? len : 0);
    return !error && body == WRITTEN_BODY ? web_write(web, BODY, len) : error;
}

static void read_all(struct web *web, char text[256])
{
    DWORD got = 0, len = 0;

    do {
        CHECK_EQ(web_read(web, text + len, 255 - len, &got), 0);
        len += got;
    } while (got > 0);
    text[len] = 0;
}

static void one_request(const struct scene *scene, struct web *web, unsigned status,
                        const char *method, enum body body)
{
    struct server *second = scene->second ? scene->second : scene->first;
    unsigned before = server_requests(second);
    const char *after = method_after(status, method);
    bool keeps = strcmp(after, method) == 0, again = keeps && body == WRITTEN_BODY;
    char path[32], text[256], expected[256];
    DWORD error;

    snprintf(path, sizeof(path), "/to/%u", status);
    web_request(web, scene->first, method, path);
    CHECK_EQ(send_it(web, body), 0);
    error = web_receive(web);
    CHECK_EQ(error, again ? ERROR_WINHTTP_RESEND_REQUEST : 0);
    if (again) {
        CHECK_EQ(server_requests(second), before + !scene->second);
        CHECK(WinHttpAddRequestHeaders(web->request, text_wide("Authorization:\r\nCookie:\r\n"),
                                       (DWORD)-1, WINHTTP_ADDREQ_FLAG_REPLACE));
        CHECK_EQ(web_send(web, "Authorization: Custom secret\r\nCookie: secret=1\r\n", NULL, 0,
                          sizeof(BODY) - 1),
                 0);
        CHECK_EQ(web_write(web, BODY, sizeof(BODY) - 1), 0);
        CHECK_EQ(web_receive(web), 0);
    }
    CHECK_EQ(web_status(web->request), 200);
    read_all(web, text);
    snprintf(expected, sizeof(expected), "%s /end?x [%s]", after,
             keeps && body != NO_BODY ? BODY : "");
    CHECK_STR(text, strcmp(after, "HEAD") == 0 ? "" : expected);
    CHECK_EQ(server_requests(second), before + 1 + !scene->second);
    check_second_head(scene, server_request(second, before + !scene->second), keeps);
    web_close_request(web);
    recorder_clear(web->rec);
}

static void all_of(enum place place, DWORD mode)
{
    static const unsigned statuses[] = {300, 301, 302, 303, 307, 308};
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "get"};
    DWORD always = WINHTTP_OPTION_REDIRECT_POLICY_ALWAYS;
    struct scene scene;
    struct web web;

    scene_open(&scene, place);
    web = web_connect(scene.first, mode);
    CHECK(WinHttpSetOption(web.session, WINHTTP_OPTION_REDIRECT_POLICY, &always, sizeof(always)));
    for (size_t s = 0; s < 6; s++)
        for (size_t m = 0; m < 6; m++)
            for (enum body body = NO_BODY; body <= WRITTEN_BODY; body++)
                if (body == NO_BODY || strcmp(methods[m], "HEAD") != 0)
                    one_request(&scene, &web, statuses[s], methods[m], body);
    web_close(&web);
    scene_close(&scene);
}

TEST_IN_BOTH_MODES(redirects, to_the_same_origin)
{
    all_of(SAME_ORIGIN, mode);
}

TEST_IN_BOTH_MODES(redirects, to_another_port)
{
    all_of(OTHER_PORT, mode);
}

TEST_IN_BOTH_MODES(redirects, to_another_host)
{
    all_of(OTHER_HOST, mode);
}

TEST_IN_BOTH_MODES(redirects, from_http_to_https)
{
    all_of(TO_SECURE, mode);
}

TEST_IN_BOTH_MODES(redirects, from_https_to_http)
{
    all_of(TO_PLAIN, mode);
}
