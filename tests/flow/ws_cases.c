/* ws_cases.c - all conformance cases, played to a WinHTTP client that echoes what it gets. */
#include "ws.h"
#include "ws_cases.h"

#include <stdlib.h>

enum { PIECE = 65536 };

/* ---- the server ------------------------------------------------------------------------------ */

static void listen_to(struct server_conn *conn, struct ws_play *play)
{
    static _Thread_local uint8_t piece[PIECE];
    size_t got = server_conn_read(conn, piece, sizeof(piece));

    if (got > 0)
        ws_play_hear(play, piece, got);
    else
        ws_play_drop(play);
}

static void say_to(struct server_conn *conn, struct ws_play *play)
{
    const uint8_t *bytes;
    size_t len;

    ws_play_next(play, &bytes, &len);
    server_conn_write(conn, bytes, len); /* a client that hung up may have answered before */
}

static void serve_case(struct server_conn *conn, void *user)
{
    struct ws_play *play = user;

    if (!server_conn_upgrade(conn))
        return;
    for (;;)
        switch (ws_play_state(play)) {
        case WS_PLAY_SAYS:
            say_to(conn, play);
            break;
        case WS_PLAY_LISTENS:
            listen_to(conn, play);
            break;
        case WS_PLAY_PAUSES:
            ws_play_resume(play);
            break;
        default:
            return;
        }
}

/* ---- the client ------------------------------------------------------------------------------ */

struct message {
    char *bytes;
    size_t len, room;
};

static void need_room(struct message *message)
{
    if (message->room - message->len >= PIECE)
        return;
    message->room = message->room * 2 + PIECE;
    message->bytes = realloc(message->bytes, message->room);
    if (!message->bytes)
        abort();
}

/* Echo whole messages until the peer closes or something is wrong. */
static void echo(struct ws *ws)
{
    struct message message = {NULL, 0, 0};
    DWORD error = 0;

    while (!error) {
        need_room(&message);
        error = ws_receive(ws, message.bytes + message.len, (DWORD)(message.room - message.len));
        if (error || ws->type == CLOSE_FRAME)
            break;
        message.len += ws->bytes;
        if (ws->type == TEXT_FRAGMENT || ws->type == BINARY_FRAGMENT)
            continue;
        error = ws_send(ws, ws->type, message.bytes, (DWORD)message.len);
        message.len = 0;
    }
    if (!error)
        ws_close(ws, 1000, NULL);
    free(message.bytes);
}

static void play_in(DWORD mode, const struct ws_case *it)
{
    struct ws_play *play = ws_play_new(it, WS_PLAYS_SERVER);
    struct server *srv = server_run(NULL, serve_case, play);
    struct ws ws = ws_open(srv, mode);

    test_note("%s: %s", it->id, it->title);
    echo(&ws);
    ws_end(&ws);
    server_stop(&srv);
    ws_play_end(&play);
}

TEST_IN_BOTH_MODES(ws_cases, every_small_case)
{
    for (size_t i = 0; i < ws_case_count(); i++)
        if (!ws_case_is_large(ws_case_at(i)))
            play_in(mode, ws_case_at(i));
}

TEST_IN_BOTH_MODES(ws_cases, every_large_case)
{
    if (test_slowness() > 1)
        SKIP("megabytes: too slow under a sanitizer");
    for (size_t i = 0; i < ws_case_count(); i++)
        if (ws_case_is_large(ws_case_at(i)))
            play_in(mode, ws_case_at(i));
}
