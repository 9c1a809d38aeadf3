/* server_script.c - plays the turns of a scripted server.
 *
 * One player is one thread: it plays the whole script over all connections, or, in
 * server_play_each(), one script per connection. A turn is a function that returns true to go on.
 * When one fails, the player closes everything it has, so that the client does not wait.
 */
#include "server_impl.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { PIECE = 64 * 1024, PATTERN_PERIOD = 251 };

struct player {
    struct server *srv;
    struct server_conn *conn; /* the current one, or NULL */
    struct server_conn *open[64];
    unsigned count;
    bool may_accept; /* false: bound to one connection */
};

typedef bool (*turn_fn)(struct player *player, const struct turn *turn);

static const char *const turn_names[] = {
#define TURN_NAME(name, meaning) #name,
    SERVER_TURNS(TURN_NAME)
#undef TURN_NAME
};

/* Say which turn went wrong and how. Always false. */
static bool wrong(struct player *player, const struct turn *turn, const char *how)
{
    struct server *srv = player->srv;

    server_fail(srv, "turn %td, %s \"%.120s\" (n = %llu): %s", turn - srv->turns,
                turn_names[turn->kind], turn->text ? turn->text : "", (unsigned long long)turn->n,
                how);
    return false;
}

static bool wrong_io(struct player *player, const struct turn *turn, enum io result)
{
    return wrong(player, turn, server_io_text(result));
}

/* `what` came where something else was expected: show it. */
static bool wrong_bytes(struct player *player, const struct turn *turn, const char *bytes,
                        size_t len)
{
    char how[900];
    size_t end = (size_t)snprintf(how, sizeof(how), "this came: ");

    for (size_t i = 0; i < len && end < sizeof(how) - 8; i++) {
        unsigned char c = (unsigned char)bytes[i];

        end += (size_t)snprintf(how + end, sizeof(how) - end,
                                c == '\r'               ? "\\r"
                                : c == '\n'             ? "\\n"
                                : c >= 0x20 && c < 0x7f ? "%c"
                                                        : "\\x%02x",
                                c);
    }
    return wrong(player, turn, how);
}

/* ---- connections ----------------------------------------------------------------------------- */

static bool take_connection(struct player *player, const struct turn *turn)
{
    enum io result;

    if (!player->may_accept || player->count == sizeof(player->open) / sizeof(player->open[0]))
        return wrong(player, turn, "no further connection is possible here");
    result = server_accept(player->srv, &player->conn);
    if (result)
        return wrong(player, turn, "no connection came in time");
    player->open[player->count++] = player->conn;
    return true;
}

static bool do_accept(struct player *player, const struct turn *turn)
{
    enum io result;

    if (!take_connection(player, turn))
        return false;
    if (!player->srv->options.tls)
        return true;
    result = server_conn_start_tls(player->conn);
    return result ? wrong_io(player, turn, result) : true;
}

/* The current connection, accepted now if there is none open. */
static bool have_connection(struct player *player, const struct turn *turn)
{
    if (player->conn && player->conn->fd >= 0)
        return true;
    return do_accept(player, turn);
}

static bool do_expect_close(struct player *player, const struct turn *turn)
{
    enum io result = IO_OK;

    if (!have_connection(player, turn))
        return false;
    if (!player->conn->in_len)
        result = server_conn_fill(player->conn, server_patience_ms());
    if (result == IO_OK)
        return wrong_bytes(player, turn, player->conn->in, player->conn->in_len);
    if (result != IO_EOF && result != IO_RESET)
        return wrong_io(player, turn, result);
    server_conn_close(player->conn, false);
    return true;
}

static bool do_accept_refused(struct player *player, const struct turn *turn)
{
    if (!take_connection(player, turn))
        return false;
    if (server_conn_start_tls(player->conn) == IO_OK)
        return do_expect_close(player, turn);
    server_conn_close(player->conn, false);
    return true;
}

static bool do_on(struct player *player, const struct turn *turn)
{
    if (turn->n >= player->count)
        return wrong(player, turn, "no such connection yet");
    player->conn = player->open[turn->n];
    if (player->conn->fd < 0)
        return wrong(player, turn, "that connection is closed already");
    return true;
}

static bool do_start_tls(struct player *player, const struct turn *turn)
{
    enum io result;

    if (!have_connection(player, turn))
        return false;
    if (player->conn->in_len)
        return wrong_bytes(player, turn, player->conn->in, player->conn->in_len);
    result = server_conn_start_tls(player->conn);
    return result ? wrong_io(player, turn, result) : true;
}

static bool do_shut_wr(struct player *player, const struct turn *turn)
{
    if (!have_connection(player, turn))
        return false;
    server_conn_shut_wr(player->conn);
    return true;
}

static bool do_close(struct player *player, const struct turn *turn)
{
    if (!have_connection(player, turn))
        return false;
    server_conn_close(player->conn, turn->kind == RESET);
    return true;
}

/* ---- what must come -------------------------------------------------------------------------- */

static bool read_head(struct player *player, const struct turn *turn)
{
    enum io result;

    if (!have_connection(player, turn))
        return false;
    result = server_conn_take_head(player->conn);
    if (result && player->conn->in_len)
        return wrong_bytes(player, turn, player->conn->in, player->conn->in_len);
    return result ? wrong_io(player, turn, result) : true;
}

static bool do_expect(struct player *player, const struct turn *turn)
{
    const char *head;

    if (!read_head(player, turn))
        return false;
    head = player->conn->head;
    if (strncmp(head, turn->text, strlen(turn->text)) ||
        (turn->kind == EXPECT_HEAD && strlen(head) != strlen(turn->text)))
        return wrong_bytes(player, turn, head, strlen(head));
    return true;
}

/* Is there a line "name: value" (or any "name:", when `text` has no colon) in the head? */
static bool has_line(const char *head, const char *text)
{
    const char *colon = strchr(text, ':');
    size_t name_len = colon ? (size_t)(colon - text) : strlen(text);
    const char *value = colon ? colon + 1 + strspn(colon + 1, " ") : NULL;

    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        size_t len;

        line += 2;
        len = strcspn(line, "\r");
        if (len <= name_len || line[name_len] != ':' || strncasecmp(line, text, name_len))
            continue;
        if (!value)
            return true;
        len -= name_len + 1 + strspn(line + name_len + 1, " ");
        if (strlen(value) == len && !strncmp(line + strcspn(line, "\r") - len, value, len))
            return true;
    }
    return false;
}

static bool do_expect_header(struct player *player, const struct turn *turn)
{
    const char *head = player->conn ? player->conn->head : NULL;

    if (!head)
        return wrong(player, turn, "no head was read before this");
    if (has_line(head, turn->text) != (turn->kind == EXPECT_HEADER))
        return wrong_bytes(player, turn, head, strlen(head));
    return true;
}

static bool do_expect_body(struct player *player, const struct turn *turn)
{
    size_t want = turn->n, have = 0;
    char *body = malloc(want + 1);
    bool good;

    if (!body)
        abort();
    if (!have_connection(player, turn)) {
        free(body);
        return false;
    }
    while (have < want) {
        size_t taken = 0;
        enum io result = server_conn_take(player->conn, body + have, want - have, &taken);

        if (result) {
            wrong_io(player, turn, result);
            free(body);
            return false;
        }
        have += taken;
    }
    good = !memcmp(body, turn->text, want) || wrong_bytes(player, turn, body, want);
    free(body);
    return good;
}

void server_pattern(void *bytes, uint64_t from, size_t len)
{
    unsigned char *out = bytes;
    unsigned next = (unsigned)(from % PATTERN_PERIOD);

    for (size_t i = 0; i < len; i++) {
        out[i] = (unsigned char)next;
        next = next + 1 == PATTERN_PERIOD ? 0 : next + 1;
    }
}

/* PIECE bytes of the pattern that begin at any phase. */
static const char *pattern_at(uint64_t from)
{
    static char pattern[PIECE + PATTERN_PERIOD];
    static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
    static bool made;

    pthread_mutex_lock(&once);
    if (!made)
        server_pattern(pattern, 0, sizeof(pattern));
    made = true;
    pthread_mutex_unlock(&once);
    return pattern + from % PATTERN_PERIOD;
}

static bool do_expect_body_len(struct player *player, const struct turn *turn)
{
    static _Thread_local char piece[PIECE];

    if (!have_connection(player, turn))
        return false;
    for (uint64_t at = 0; at < turn->n;) {
        size_t want = turn->n - at < PIECE ? (size_t)(turn->n - at) : PIECE, taken = 0;
        enum io result = server_conn_take(player->conn, piece, want, &taken);

        if (result)
            return wrong_io(player, turn, result);
        if (memcmp(piece, pattern_at(at), taken))
            return wrong(player, turn, "the body differs from the pattern");
        at += taken;
    }
    return true;
}

/* ---- what goes out --------------------------------------------------------------------------- */

static bool send_all(struct player *player, const struct turn *turn, const char *bytes, size_t len)
{
    enum io result = server_conn_send(player->conn, bytes, len);

    return result ? wrong_io(player, turn, result) : true;
}

static bool do_reply(struct player *player, const struct turn *turn)
{
    return have_connection(player, turn) && send_all(player, turn, turn->text, turn->n);
}

static bool do_reply_slowly(struct player *player, const struct turn *turn)
{
    static const struct timespec pause = {0, 1000000};
    size_t len = strlen(turn->text);

    if (!have_connection(player, turn))
        return false;
    for (size_t at = 0; at < len; at += turn->n) {
        size_t piece = len - at < turn->n ? len - at : turn->n;

        if (!send_all(player, turn, turn->text + at, piece))
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static bool do_reply_pattern(struct player *player, const struct turn *turn)
{
    if (!have_connection(player, turn))
        return false;
    for (uint64_t at = 0; at < turn->n; at += PIECE) {
        size_t len = turn->n - at < PIECE ? (size_t)(turn->n - at) : PIECE;

        if (!send_all(player, turn, pattern_at(at), len))
            return false;
    }
    return true;
}

/* ---- WebSockets: RFC 6455, written down once more, independently of the library --------------- */

enum { FRAME_HEAD = 14, ACCEPT_SIZE = 29 };

static bool make_accept(const char *head, char accept[ACCEPT_SIZE])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    char key[80];

    if (!head || !server_header(head, "Sec-WebSocket-Key", key, 40) || strlen(key) != 24)
        return false;
    memcpy(key + 24, guid, sizeof(guid));
    SHA1((const unsigned char *)key, strlen(key), digest);
    EVP_EncodeBlock((unsigned char *)accept, digest, sizeof(digest));
    return true;
}

static bool do_upgrade(struct player *player, const struct turn *turn)
{
    bool glued = turn->kind == UPGRADE_AND;
    size_t extra = glued ? turn->n : 0, len;
    char accept[ACCEPT_SIZE], *answer;
    bool good;

    if (!player->conn || !make_accept(player->conn->head, accept))
        return wrong(player, turn, "no head with a key was read before this");
    answer = malloc(1024 + extra + (turn->text ? strlen(turn->text) : 0));
    if (!answer)
        abort();
    len = (size_t)sprintf(answer,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s\r\n",
                          accept, !glued && turn->text ? turn->text : "");
    if (extra)
        memcpy(answer + len, turn->text, extra);
    good = send_all(player, turn, answer, len + extra);
    free(answer);
    return good;
}

bool server_conn_upgrade(struct server_conn *conn)
{
    char accept[ACCEPT_SIZE];

    return make_accept(server_conn_head(conn), accept) &&
           server_conn_print(conn,
                             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                             accept);
}

static bool take_all(struct player *player, const struct turn *turn, void *into, size_t len)
{
    for (size_t have = 0, taken; have < len; have += taken) {
        enum io result = server_conn_take(player->conn, (char *)into + have, len - have, &taken);

        if (result)
            return wrong_io(player, turn, result);
    }
    return true;
}

/* Read a frame's head: masked, of the shortest form. */
static bool take_frame_head(struct player *player, const struct turn *turn, unsigned first,
                            uint64_t *len, unsigned char mask[4])
{
    unsigned char head[FRAME_HEAD];
    size_t more;

    if (!have_connection(player, turn) || !take_all(player, turn, head, 2))
        return false;
    if (head[0] != first || !(head[1] & 0x80))
        return wrong_bytes(player, turn, (char *)head, 2);
    *len = head[1] & 0x7f;
    more = *len == 126 ? 2 : *len == 127 ? 8 : 0;
    if (!take_all(player, turn, head + 2, more + 4))
        return false;
    for (size_t i = 0; i < more; i++)
        *len = (i ? *len << 8 : 0) | head[2 + i];
    if (more && *len < (more == 2 ? 126 : 65536))
        return wrong(player, turn, "the length has a shorter form");
    memcpy(mask, head + 2 + more, 4);
    return true;
}

static bool do_expect_frame(struct player *player, const struct turn *turn)
{
    unsigned char mask[4];
    char payload[1024];
    uint64_t len;

    if (!take_frame_head(player, turn, (unsigned)turn->n, &len, mask))
        return false;
    if (len >= sizeof(payload))
        return wrong(player, turn, "the frame is larger than expected");
    if (!take_all(player, turn, payload, (size_t)len))
        return false;
    for (size_t i = 0; i < len; i++)
        payload[i] = (char)((unsigned char)payload[i] ^ mask[i % 4]);
    payload[len] = '\0';
    if (strlen(turn->text) != len || memcmp(payload, turn->text, len))
        return wrong_bytes(player, turn, payload, (size_t)len);
    return true;
}

static bool do_expect_frame_len(struct player *player, const struct turn *turn)
{
    static _Thread_local char piece[PIECE];
    unsigned char mask[4];
    uint64_t len;

    if (!take_frame_head(player, turn, 0x82, &len, mask))
        return false;
    if (len != turn->n)
        return wrong(player, turn, "the frame has another size");
    for (uint64_t at = 0; at < len;) {
        size_t want = len - at < PIECE ? (size_t)(len - at) : PIECE;

        if (!take_all(player, turn, piece, want))
            return false;
        for (size_t i = 0; i < want; i++)
            piece[i] = (char)((unsigned char)piece[i] ^ mask[(at + i) % 4]);
        if (memcmp(piece, pattern_at(at), want))
            return wrong(player, turn, "the payload differs from the pattern");
        at += want;
    }
    return true;
}

/* ---- in step with the test ------------------------------------------------------------------- */

static bool do_signal(struct player *player, const struct turn *turn)
{
    server_event_give(player->srv, turn->text);
    return true;
}

static bool do_wait_for(struct player *player, const struct turn *turn)
{
    return server_event_take(player->srv, turn->text) ||
           wrong(player, turn, "the test did not signal in time");
}

/* ---- the player ------------------------------------------------------------------------------ */

static const turn_fn turn_fns[SERVER_TURN_KINDS] = {
    [ACCEPT] = do_accept,
    [ACCEPT_REFUSED] = do_accept_refused,
    [ON] = do_on,
    [START_TLS] = do_start_tls,
    [EXPECT] = do_expect,
    [EXPECT_HEAD] = do_expect,
    [EXPECT_HEADER] = do_expect_header,
    [EXPECT_NO_HEADER] = do_expect_header,
    [EXPECT_BODY] = do_expect_body,
    [EXPECT_BODY_LEN] = do_expect_body_len,
    [EXPECT_CLOSE] = do_expect_close,
    [REPLY] = do_reply,
    [REPLY_BYTES] = do_reply,
    [REPLY_SLOWLY] = do_reply_slowly,
    [REPLY_PATTERN] = do_reply_pattern,
    [UPGRADE] = do_upgrade,
    [UPGRADE_AND] = do_upgrade,
    [EXPECT_FRAME] = do_expect_frame,
    [EXPECT_FRAME_LEN] = do_expect_frame_len,
    [SIGNAL] = do_signal,
    [WAIT_FOR] = do_wait_for,
    [HALF_CLOSE] = do_shut_wr,
    [CLOSE] = do_close,
    [RESET] = do_close,
};

/* Play up to END. False when a turn failed. */
static bool play(struct player *player)
{
    struct server *srv = player->srv;

    for (const struct turn *turn = srv->turns; turn->kind != END; turn++) {
        pthread_mutex_lock(&srv->lock);
        srv->at = turn;
        pthread_mutex_unlock(&srv->lock);
        if (server_is_stopping(srv) || !turn_fns[turn->kind](player, turn))
            return false;
    }
    pthread_mutex_lock(&srv->lock);
    srv->scripts_ended++;
    if (!srv->per_connection || srv->scripts_ended == srv->expected_connections)
        srv->ended = true;
    pthread_cond_broadcast(&srv->changed);
    pthread_mutex_unlock(&srv->lock);
    return true;
}

/* After END: is there something on this connection that the script does not know? */
static bool is_silent(struct server_conn *conn)
{
    enum io result = conn->in_len ? IO_OK : server_conn_fill(conn, 0);

    if (result == IO_TIMEOUT)
        return true;
    if (result == IO_OK) {
        server_fail(conn->srv, "after END, connection %u sent this: %.*s", conn->number,
                    (int)(conn->in_len < 300 ? conn->in_len : 300), conn->in);
        return false;
    }
    server_conn_close(conn, false);
    return true;
}

/* Watch over the open connections from END until the server is stopped. */
static void watch_after_end(struct player *player)
{
    struct server *srv = player->srv;

    for (;;) {
        struct pollfd fds[2 + 64];
        nfds_t count = 0;

        for (unsigned i = 0; i < player->count; i++)
            if (player->open[i]->fd >= 0 && !is_silent(player->open[i]))
                return;
        fds[count++] = (struct pollfd){.fd = srv->stop_pipe[0], .events = POLLIN};
        fds[count++] =
            (struct pollfd){.fd = player->may_accept ? srv->listener : -1, .events = POLLIN};
        for (unsigned i = 0; i < player->count; i++)
            if (player->open[i]->fd >= 0)
                fds[count++] = (struct pollfd){.fd = player->open[i]->fd, .events = POLLIN};
        if (!player->may_accept && count == 2)
            return;
        if (poll(fds, count, -1) > 0 && fds[1].revents) {
            server_fail(srv, "after END, a client connected");
            return;
        }
        if (fds[0].revents) {
            for (unsigned i = 0; i < player->count; i++)
                if (player->open[i]->fd >= 0)
                    is_silent(player->open[i]);
            return;
        }
    }
}

static void play_and_watch(struct player *player)
{
    if (play(player))
        watch_after_end(player);
    for (unsigned i = 0; i < player->count; i++)
        server_conn_close(player->open[i], false);
}

void *server_script_thread(void *arg)
{
    struct player player = {.srv = arg, .may_accept = true};

    play_and_watch(&player);
    return NULL;
}

void server_script_serve(struct server_conn *conn, void *srv)
{
    struct player player = {.srv = srv, .conn = conn, .open = {conn}, .count = 1};

    play_and_watch(&player);
}
