/* ntlm_proxy.c - NTLM, and Negotiate that comes down to it, with a proxy: three legs on one connection,
 * by word and for a tunnel, right and wrong passwords, and proxies that lose their way half way.
 *
 * The proxy ties the user to the connection, as they do: what comes after on it is that user's. The
 * origin behind it is the proxy itself, by word, or a server that every tunnel leads to. */
#include "ntlm_server.h"
#include "server_impl.h"
#include "web.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DENIED_LEN "Content-Length: 6\r\n"

enum way { BY_WORD, BY_TUNNEL };

/* What goes wrong with the proxy. */
enum quirk {
    NONE,
    ENDS_AFTER_QUESTION,   /* the first challenge comes with Connection: close */
    LEAVES_AFTER_QUESTION, /* the connection of the first challenge closes, in spite of its word */
    ENDS_HALF_WAY,         /* Connection: close with the token, of which the next leg depends */
    LEAVES_HALF_WAY,       /* closes behind its token */
    LEAVES_AT_THE_PROOF,   /* closes instead of an answer to the last message */
    TURNS_TO_BASIC,        /* wants something else half way */
    FORGETS_ITS_TOKEN,     /* asks half way as if nothing had been said */
    NEVER_CONTENT,         /* another token, whatever is said */
    LEAVES_AFTER_ANSWER,   /* by word: each connection answers once, and closes without a word */
};

struct proxy {
    struct ntlm_server how;
    const struct ntlm_server *origin; /* who is asked by the origin, too; NULL: nobody */
    enum quirk quirk;
    struct server *end; /* of all tunnels */
};

/* ---- the origin ------------------------------------------------------------------------------ */

/* `session`: of the origin's users; NULL: everybody is welcome. */
static void answer_as_origin(struct server_conn *conn, const char *head,
                             struct ntlm_session *session)
{
    char field[8192], token[8192] = "";

    if (session && server_header(head, "Authorization", field, sizeof(field)))
        ntlm_session_hear(session, field, token, sizeof(token));
    if (session && !session->known)
        server_conn_print(conn,
                          "HTTP/1.1 401 No\r\nWWW-Authenticate: %s %s\r\n" DENIED_LEN "\r\ndenied",
                          session->server->scheme, token);
    else if (strstr(head, "/away "))
        server_conn_print(conn, "HTTP/1.1 302 No\r\nLocation: http://other.test/\r\n" DENIED_LEN
                                "\r\nnowhere");
    else
        server_conn_print(conn, "HTTP/1.1 200 OK\r\nX-User: %s\r\nContent-Length: 5\r\n\r\nhello",
                          session ? session->user : "");
}

static void serve_end(struct server_conn *conn, void *user)
{
    const struct proxy *proxy = user;
    struct ntlm_session session;
    const char *head;

    if (proxy->origin)
        ntlm_session_begin(&session, proxy->origin);
    while ((head = server_conn_head(conn)) != NULL) {
        server_conn_skip_body(conn, head);
        answer_as_origin(conn, head, proxy->origin ? &session : NULL);
    }
    if (proxy->origin)
        ntlm_session_end(&session);
}

/* ---- the proxy ------------------------------------------------------------------------------- */

static bool pass_on(int from, int to)
{
    char bytes[4096];
    ssize_t got = recv(from, bytes, sizeof(bytes), 0);

    return got > 0 && send(to, bytes, (size_t)got, MSG_NOSIGNAL) == got;
}

static void tunnel(struct server_conn *conn, struct server *end)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(server_port(end)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct pollfd ends[3] = {{.fd = conn->fd, .events = POLLIN},
                             {.fd = socket(AF_INET, SOCK_STREAM, 0), .events = POLLIN},
                             {.fd = conn->srv->stop_pipe[0], .events = POLLIN}};
    bool open = connect(ends[1].fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
                server_conn_print(conn, "HTTP/1.1 200 Go\r\n\r\n");

    while (open && poll(ends, 3, -1) > 0 && !ends[2].revents)
        for (int i = 0; i < 2; i++)
            if (ends[i].revents)
                open = open && pass_on(ends[i].fd, ends[!i].fd);
    close(ends[1].fd);
}

/* How far a conversation is when a challenge is made. */
enum stage { QUESTION, HALF_WAY, TURNED_DOWN };

/* false: the connection ends here. */
static bool challenge(struct server_conn *conn, const struct proxy *proxy, enum stage stage,
                      const char *token)
{
    bool ends = (proxy->quirk == ENDS_AFTER_QUESTION && stage == QUESTION) ||
                (proxy->quirk == ENDS_HALF_WAY && stage == HALF_WAY);
    bool leaves = (proxy->quirk == LEAVES_AFTER_QUESTION && stage == QUESTION) ||
                  (proxy->quirk == LEAVES_HALF_WAY && stage == HALF_WAY);
    const char *scheme = proxy->how.scheme;

    if (stage == HALF_WAY && proxy->quirk == TURNS_TO_BASIC) {
        scheme = "Basic";
        token = "realm=\"p\"";
    } else if (stage == HALF_WAY && proxy->quirk == FORGETS_ITS_TOKEN) {
        token = "";
    }
    server_conn_print(conn,
                      "HTTP/1.1 407 No\r\nProxy-Authenticate: %s%s%s\r\n%s" DENIED_LEN "\r\ndenied",
                      scheme, *token ? " " : "", token, ends ? "Connection: close\r\n" : "");
    return !ends && !leaves;
}

/* Whom the proxy may let in; false: the connection ends. */
static bool ask_who(struct server_conn *conn, const struct proxy *proxy, const char *head,
                    struct ntlm_session *session)
{
    char field[8192], token[8192] = "", first[8192];
    bool speaks = server_header(head, "Proxy-Authorization", field, sizeof(field));

    if (speaks)
        ntlm_session_hear(session, field, token, sizeof(token));
    if (session->known && proxy->quirk == LEAVES_AT_THE_PROOF)
        return false;
    if (proxy->quirk == NEVER_CONTENT && (session->known || (speaks && !*token))) {
        session->known = false;
        snprintf(first, sizeof(first),
                 "%s TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAGAbEdAAAADw==", proxy->how.scheme);
        ntlm_session_end(session);
        ntlm_session_begin(session, &proxy->how);
        ntlm_session_hear(session, first, token, sizeof(token));
        if (!*token)
            server_fail(conn->srv, "no token to go on with");
    }
    return session->known || challenge(conn, proxy,
                                       !speaks  ? QUESTION
                                       : *token ? HALF_WAY
                                                : TURNED_DOWN,
                                       token);
}

static void serve_proxy(struct server_conn *conn, void *user)
{
    const struct proxy *proxy = user;
    struct ntlm_session session, of_origin;
    bool goes_on = true;
    const char *head;

    ntlm_session_begin(&session, &proxy->how);
    if (proxy->origin)
        ntlm_session_begin(&of_origin, proxy->origin);
    while (goes_on && (head = server_conn_head(conn)) != NULL) {
        bool connects = strncmp(head, "CONNECT ", 8) == 0;

        if (!connects)
            server_conn_skip_body(conn, head);
        goes_on = ask_who(conn, proxy, head, &session);
        if (goes_on && session.known && connects) {
            tunnel(conn, proxy->end);
            goes_on = false;
        } else if (goes_on && session.known) {
            answer_as_origin(conn, head, proxy->origin ? &of_origin : NULL);
            goes_on = proxy->quirk != LEAVES_AFTER_ANSWER;
        }
    }
    ntlm_session_end(&session);
    if (proxy->origin)
        ntlm_session_end(&of_origin);
}

/* ---- the client ------------------------------------------------------------------------------ */

struct world {
    enum way way;
    struct proxy plan;
    struct server *proxy;
    struct web web;
};

static void another_request(struct world *world, const char *verb, const char *path)
{
    web_close_request(&world->web);
    world->web.request = WinHttpOpenRequest(world->web.connection, text_wide(verb), text_wide(path),
                                            NULL, WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES,
                                            world->way == BY_TUNNEL ? WINHTTP_FLAG_SECURE : 0);
    CHECK(world->web.request != NULL);
}

static void open_session(struct world *world, DWORD mode)
{
    struct web *web = &world->web;
    char list[64];

    *web = (struct web){.rec = recorder_new(), .async = mode != 0};
    snprintf(list, sizeof(list), "127.0.0.1:%u", server_port(world->proxy));
    web->session =
        WinHttpOpen(L"test", WINHTTP_ACCESS_TYPE_NAMED_PROXY, text_wide(list), NULL, mode);
    CHECK(web->session != NULL);
    recorder_attach(web->rec, web->session);
    web->connection = WinHttpConnect(web->session, L"localhost", 0, 0);
    CHECK(web->connection != NULL);
    another_request(world, "GET", "/");
}

/* The proxy of `plan` and its end of the tunnels, and a request that goes that way. `world` is static: a
 * test that fails leaves at once, before the servers' threads do. */
static void begin(struct world *world, struct proxy plan, enum way way, DWORD mode)
{
    if (!plan.how.scheme)
        plan.how.scheme = "NTLM";
    *world = (struct world){.way = way, .plan = plan};
    cert_trust();
    world->plan.end = server_run(&(struct server_options){.tls = true}, serve_end, &world->plan);
    world->proxy = server_run(NULL, serve_proxy, &world->plan);
    open_session(world, mode);
}

static void end(struct world *world)
{
    web_close(&world->web);
    server_stop(&world->plan.end);
    server_stop(&world->proxy);
}

static void give_to(struct world *world, DWORD target, DWORD scheme, const wchar_t *user,
                    const wchar_t *password)
{
    CHECK(WinHttpSetCredentials(world->web.request, target, scheme, user, password, NULL));
}

static void give(struct world *world, const wchar_t *password)
{
    give_to(world, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, password);
}

static void set_policy(struct world *world, DWORD policy)
{
    CHECK(WinHttpSetOption(world->web.request, WINHTTP_OPTION_AUTOLOGON_POLICY, &policy,
                           sizeof(policy)));
}

static void set_options(struct world *world)
{
    CHECK(
        WinHttpSetOption(world->web.request, WINHTTP_OPTION_PROXY_USERNAME, (void *)NTLM_USER, 9));
    CHECK(WinHttpSetOption(world->web.request, WINHTTP_OPTION_PROXY_PASSWORD, (void *)NTLM_PASSWORD,
                           8));
}

static void is_served(struct world *world)
{
    struct answer answer = web_exchange(&world->web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(answer.body, "hello");
}

/* The 407, with its text only where nobody can take it for the origin's. */
static void is_denied(struct world *world, DWORD scheme)
{
    DWORD supported = 0, first = 0, target = 77;
    struct answer answer = web_exchange(&world->web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 407);
    CHECK_STR(answer.body, world->way == BY_WORD ? "denied" : "");
    CHECK(WinHttpQueryAuthSchemes(world->web.request, &supported, &first, &target));
    CHECK_EQ(supported, scheme);
    CHECK_EQ(target, WINHTTP_AUTH_TARGET_PROXY);
}

static void heard(struct world *world, unsigned requests, unsigned connections)
{
    CHECK_EQ(server_requests(world->proxy), requests);
    CHECK_EQ(server_connections(world->proxy), connections);
}

/* The type of the NTLM message in the nth head; 0: there is none. */
static int message_in(struct world *world, unsigned n)
{
    char field[8192];

    if (!server_header(server_request(world->proxy, n), "Proxy-Authorization", field,
                       sizeof(field)))
        return 0;
    CHECK(strncmp(field, "NTLM TlRMTVNTUAA", 16) == 0);
    return field[16] == 'B' ? 1 : field[16] == 'D' ? 3 : -1;
}

#define ONE_WAY(name, mode_name, way, mode)                                                        \
    TEST(ntlm_proxy, name##__##mode_name)                                                          \
    {                                                                                              \
        ntlm_prepare();                                                                            \
        ntlm_proxy__##name##__in(way, mode);                                                       \
    }
#define TEST_IN_ALL_WAYS(name)                                                                     \
    static void ntlm_proxy__##name##__in(enum way way, DWORD mode);                                \
    ONE_WAY(name, word_sync, BY_WORD, 0)                                                           \
    ONE_WAY(name, word_async, BY_WORD, WINHTTP_FLAG_ASYNC)                                         \
    ONE_WAY(name, tunnel_sync, BY_TUNNEL, 0)                                                       \
    ONE_WAY(name, tunnel_async, BY_TUNNEL, WINHTTP_FLAG_ASYNC)                                     \
    static void ntlm_proxy__##name##__in(enum way way, DWORD mode)

/* ---- as it should be ------------------------------------------------------------------------- */

TEST_IN_ALL_WAYS(three_legs_share_a_connection_and_the_next_request_needs_none)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = NONE}, way, mode);
    give(&world, NTLM_PASSWORD);
    is_served(&world);
    heard(&world, 3, 1);
    CHECK_EQ(message_in(&world, 0), 0);
    CHECK_EQ(message_in(&world, 1), 1);
    CHECK_EQ(message_in(&world, 2), 3);
    is_served(&world);
    another_request(&world, "GET", "/2");
    give(&world, NTLM_PASSWORD); /* another handle, the same credentials */
    is_served(&world);
    heard(&world, way == BY_WORD ? 5 : 3, 1);
    if (way == BY_WORD)
        CHECK_EQ(message_in(&world, 4), 0);
    end(&world);
}

TEST_IN_ALL_WAYS(negotiate_comes_down_to_the_same)
{
    static struct world world;

    begin(&world, (struct proxy){.how = {.scheme = "Negotiate"}}, way, mode);
    give_to(&world, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_NEGOTIATE, NTLM_USER,
            NTLM_PASSWORD);
    is_served(&world);
    heard(&world, 3, 1);
    is_served(&world);
    heard(&world, way == BY_WORD ? 4 : 3, 1);
    end(&world);
}

TEST_IN_ALL_WAYS(options_answer_the_challenge)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = NONE}, way, mode);
    set_options(&world);
    is_served(&world);
    heard(&world, 3, 1);
    end(&world);
}

/* The 407 first, then the credentials, as the samples do it. */
TEST_IN_ALL_WAYS(credentials_set_after_the_407_are_used)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = NONE}, way, mode);
    set_policy(&world, WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH);
    is_denied(&world, WINHTTP_AUTH_SCHEME_NTLM);
    give(&world, NTLM_PASSWORD);
    is_served(&world);
    heard(&world, 4, 2);
    end(&world);
}

/* The first entry of NTLM_USER_FILE is who we are. MEDIUM, the default, includes proxies. */
TEST_IN_ALL_WAYS(the_users_own_credentials_need_the_policys_leave)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = NONE}, way, mode);
    is_served(&world);
    another_request(&world, "GET", "/");
    set_policy(&world, WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH);
    is_denied(&world, WINHTTP_AUTH_SCHEME_NTLM); /* nobody has that connection */
    CHECK_EQ(server_connections(world.proxy), 2);
    end(&world);
}

TEST_IN_ALL_WAYS(a_connection_that_one_user_opened_serves_nobody_else)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = NONE}, way, mode);
    give(&world, NTLM_PASSWORD);
    is_served(&world);
    another_request(&world, "GET", "/");
    set_policy(&world, WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH);
    is_denied(&world, WINHTTP_AUTH_SCHEME_NTLM); /* connection 1 */
    another_request(&world, "GET", "/");
    give(&world, L"wrong");
    is_denied(&world, WINHTTP_AUTH_SCHEME_NTLM); /* 2 */
    another_request(&world, "GET", "/");
    give_to(&world, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_NTLM, L"DOM\\dave", L"secret");
    is_served(&world); /* 3 */
    another_request(&world, "GET", "/");
    give(&world, NTLM_PASSWORD);
    is_served(&world); /* 0 */
    heard(&world, way == BY_WORD ? 11 : 10, 4);
    end(&world);
}

/* By word the body has gone with the challenge; a tunnel is dug before there is a body. */
TEST_IN_ALL_WAYS(a_written_body_is_sent_once_per_leg_that_carried_it)
{
    unsigned sends = 0;
    static struct world world;
    DWORD error;

    begin(&world, (struct proxy){.quirk = NONE}, way, mode);
    another_request(&world, "POST", "/");
    give(&world, NTLM_PASSWORD);
    do {
        CHECK_EQ(web_send(&world.web, NULL, NULL, 0, 4), 0);
        CHECK_EQ(web_write(&world.web, "data", 4), 0);
        error = web_receive(&world.web);
        sends++;
    } while (error == ERROR_WINHTTP_RESEND_REQUEST);
    CHECK_EQ(error, 0);
    CHECK_EQ(web_status(world.web.request), 200);
    CHECK_EQ(sends, way == BY_WORD ? 3 : 1);
    heard(&world, 3, 1);
    end(&world);
}

TEST_IN_ALL_WAYS(proxy_and_server_each_know_a_user_of_their_own)
{
    static const struct ntlm_server origin = {.scheme = "NTLM"};
    char user[64], field[256];
    wchar_t wide[64];
    DWORD size = sizeof(wide);
    static struct world world;

    begin(&world, (struct proxy){.origin = &origin}, way, mode);
    give(&world, NTLM_PASSWORD);
    give_to(&world, WINHTTP_AUTH_TARGET_SERVER, WINHTTP_AUTH_SCHEME_NTLM, L"DOM\\dave", L"secret");
    is_served(&world);
    /* The server's first message goes out at once, and again until the proxy has let it pass. */
    CHECK_EQ(server_requests(world.proxy), way == BY_WORD ? 4 : 3);
    CHECK_EQ(server_requests(world.plan.end), way == BY_WORD ? 0 : 2);
    CHECK(WinHttpQueryHeaders(world.web.request, WINHTTP_QUERY_CUSTOM, L"X-User", wide, &size,
                              WINHTTP_NO_HEADER_INDEX));
    snprintf(user, sizeof(user), "%ls", wide);
    CHECK_STR(user, "DOM\\dave");
    is_served(&world);
    CHECK_EQ(server_connections(world.proxy), 1);
    for (unsigned i = 0; way == BY_TUNNEL && i < server_requests(world.plan.end); i++)
        CHECK(!server_header(server_request(world.plan.end, i), "Proxy-Authorization", field,
                             sizeof(field)));
    for (unsigned i = 0; way == BY_TUNNEL && i < server_requests(world.proxy); i++)
        CHECK(
            !server_header(server_request(world.proxy, i), "Authorization", field, sizeof(field)));
    end(&world);
}

/* The proxy stays who it is, wherever it leads; a connection of its own for the other origin. */
TEST(ntlm_proxy, a_redirect_to_another_origin_takes_the_proxys_credentials_along)
{
    static struct world world;

    ntlm_prepare();
    for (int async = 0; async < 2; async++) {
        begin(&world, (struct proxy){.quirk = NONE}, BY_WORD, async ? WINHTTP_FLAG_ASYNC : 0);
        another_request(&world, "GET", "/away");
        give(&world, NTLM_PASSWORD);
        is_served(&world);
        heard(&world, 6, 2);
        end(&world);
    }
}

/* ---- proxies that lose their way ------------------------------------------------------------- */

/* One password, one try; the connection, of which nobody knows whose it is, is not used again. */
TEST_IN_ALL_WAYS(a_wrong_password_ends_with_the_407)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = NONE}, way, mode);
    give(&world, L"wrong");
    is_denied(&world, WINHTTP_AUTH_SCHEME_NTLM);
    heard(&world, 3, 1);
    is_denied(&world, WINHTTP_AUTH_SCHEME_NTLM);
    heard(&world, 6, 2);
    give(&world, NTLM_PASSWORD);
    is_served(&world);
    heard(&world, 9, 3);
    end(&world);
}

/* Nothing has been said on it yet: another connection does as well. */
TEST_IN_ALL_WAYS(a_connection_that_ends_with_the_first_challenge_is_replaced)
{
    static const enum quirk quirks[] = {ENDS_AFTER_QUESTION, LEAVES_AFTER_QUESTION};

    for (size_t i = 0; i < 2; i++) {
        static struct world world;

        test_note("quirk %d", quirks[i]);
        begin(&world, (struct proxy){.quirk = quirks[i]}, way, mode);
        give(&world, NTLM_PASSWORD);
        is_served(&world);
        CHECK_EQ(server_connections(world.proxy), 2);
        CHECK_EQ(message_in(&world, server_requests(world.proxy) - 1), 3);
        end(&world);
    }
}

/* A kept connection that has ended is nobody's fault, and the next one is no more authenticated than the
 * first one was. */
TEST(ntlm_proxy, a_kept_connection_that_had_ended_is_replaced_and_proved_anew)
{
    static struct world world;

    ntlm_prepare();
    for (int async = 0; async < 2; async++) {
        begin(&world, (struct proxy){.quirk = LEAVES_AFTER_ANSWER}, BY_WORD,
              async ? WINHTTP_FLAG_ASYNC : 0);
        give(&world, NTLM_PASSWORD);
        is_served(&world);
        is_served(&world);
        heard(&world, 6, 2);
        CHECK_EQ(message_in(&world, 3), 0);
        CHECK_EQ(message_in(&world, 5), 3);
        end(&world);
    }
}

/* A proof is good on the connection of its challenge alone. Who says that it closes gets none. */
TEST_IN_ALL_WAYS(a_challenge_that_ends_its_connection_is_delivered)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = ENDS_HALF_WAY}, way, mode);
    give(&world, NTLM_PASSWORD);
    is_denied(&world, WINHTTP_AUTH_SCHEME_NTLM);
    heard(&world, 2, 1);
    end(&world);
}

/* Who just closes has broken the connection; nothing begins anew by itself, the next send does. */
TEST_IN_ALL_WAYS(a_connection_that_closes_half_way_is_an_error)
{
    static const enum quirk quirks[] = {LEAVES_HALF_WAY, LEAVES_AT_THE_PROOF};

    for (size_t i = 0; i < 2; i++) {
        static struct world world;

        test_note("quirk %d", quirks[i]);
        begin(&world, (struct proxy){.quirk = quirks[i]}, way, mode);
        give(&world, NTLM_PASSWORD);
        CHECK_EQ(web_exchange(&world.web, NULL, 0).error, ERROR_WINHTTP_CONNECTION_ERROR);
        CHECK_EQ(server_connections(world.proxy), 1);
        another_request(&world, "GET", "/");
        give(&world, NTLM_PASSWORD);
        CHECK_EQ(web_exchange(&world.web, NULL, 0).error, ERROR_WINHTTP_CONNECTION_ERROR);
        CHECK_EQ(server_connections(world.proxy), 2);
        end(&world);
    }
}

/* No weaker scheme is tried, although these credentials would be good for it. */
TEST_IN_ALL_WAYS(a_proxy_that_changes_its_mind_gets_no_weaker_answer)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = TURNS_TO_BASIC}, way, mode);
    set_options(&world);
    is_denied(&world, WINHTTP_AUTH_SCHEME_BASIC);
    heard(&world, 2, 1);
    CHECK_EQ(message_in(&world, 1), 1);
    end(&world);
}

TEST_IN_ALL_WAYS(a_proxy_that_forgets_what_was_said_is_left_alone)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = FORGETS_ITS_TOKEN}, way, mode);
    give(&world, NTLM_PASSWORD);
    is_denied(&world, WINHTTP_AUTH_SCHEME_NTLM);
    heard(&world, 2, 1);
    end(&world);
}

TEST_IN_ALL_WAYS(a_proxy_that_is_never_content_hears_one_proof)
{
    static struct world world;

    begin(&world, (struct proxy){.quirk = NEVER_CONTENT}, way, mode);
    give(&world, NTLM_PASSWORD);
    is_denied(&world, WINHTTP_AUTH_SCHEME_NTLM);
    heard(&world, 3, 1);
    end(&world);
}

/* ---- proxies that fall silent ---------------------------------------------------------------- */

#define QUESTION_HEAD "HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\n" DENIED_LEN "\r\ndenied"

static void begin_silence(struct world *world, enum way way, DWORD mode)
{
    *world = (struct world){.way = way};
    cert_trust();
    world->proxy = server_play((const struct turn[]){{EXPECT, way == BY_WORD ? "GET " : "CONNECT "},
                                                     {REPLY, QUESTION_HEAD},
                                                     {EXPECT, way == BY_WORD ? "GET " : "CONNECT "},
                                                     {EXPECT_HEADER, "Proxy-Authorization"},
                                                     {SIGNAL, "asked"},
                                                     {EXPECT_CLOSE},
                                                     {END}});
    open_session(world, mode);
    give(world, NTLM_PASSWORD);
}

TEST_IN_ALL_WAYS(a_proxy_that_falls_silent_half_way_is_a_timeout)
{
    static struct world world;

    begin_silence(&world, way, mode);
    CHECK(WinHttpSetTimeouts(world.web.request, 0, 0, 0, 200));
    CHECK_EQ(web_exchange(&world.web, NULL, 0).error, ERROR_WINHTTP_TIMEOUT);
    web_close(&world.web);
    server_stop(&world.proxy);
}

TEST(ntlm_proxy, closing_the_handle_ends_the_wait_half_way)
{
    ntlm_prepare();
    for (enum way way = BY_WORD; way <= BY_TUNNEL; way++) {
        static struct world world;

        begin_silence(&world, way, WINHTTP_FLAG_ASYNC);
        if (way == BY_WORD)
            CHECK_EQ(web_send(&world.web, NULL, NULL, 0, 0), 0);
        CHECK(way == BY_WORD ? WinHttpReceiveResponse(world.web.request, NULL)
                             : WinHttpSendRequest(world.web.request, NULL, 0, NULL, 0, 0, 0));
        server_wait(world.proxy, "asked");
        web_close_request(&world.web); /* waits for HANDLE_CLOSING */
        web_close(&world.web);
        server_stop(&world.proxy);
    }
}
