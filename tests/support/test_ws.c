/* test_ws.c - the peer that plays the WebSocket cases notices what is wrong. */
#include "test.h"
#include "ws_cases.h"

#include <string.h>

static const struct ws_case *find(const char *id)
{
    for (size_t i = 0; i < ws_case_count(); i++)
        if (strcmp(ws_case_at(i)->id, id) == 0)
            return ws_case_at(i);
    FAIL("no case %s", id);
    return NULL;
}

/* Play a case as a client against a server that says this, whatever it hears. */
static bool goes_wrong(const char *id, const void *answer, size_t len, bool drops)
{
    struct ws_play *play = ws_play_new(find(id), WS_PLAYS_CLIENT);
    const uint8_t *bytes;
    size_t said;
    bool wrong;

    while (ws_play_state(play) == WS_PLAY_SAYS || ws_play_state(play) == WS_PLAY_PAUSES)
        if (ws_play_state(play) == WS_PLAY_SAYS)
            ws_play_next(play, &bytes, &said);
        else
            ws_play_resume(play);
    ws_play_hear(play, answer, len);
    while (ws_play_state(play) == WS_PLAY_SAYS)
        ws_play_next(play, &bytes, &said);
    ws_play_hear(play, "\x88\x02\x03\xe8", ws_play_is_over(play) || drops ? 0 : 4);
    if (drops)
        ws_play_drop(play);
    wrong = ws_play_fault(play) || !ws_play_is_over(play);
    ws_play_free(&play);
    return wrong;
}

#define GOES_WRONG(id, answer, drops) goes_wrong(id, answer, sizeof(answer) - 1, drops)

TEST(ws_play, every_case_has_an_id_of_its_own)
{
    CHECK_EQ(ws_case_count(), 16 + 11 + 7 + 10 + 20 + 13 + 132 + 13 + 28 + 54 + 1 + 12);
    for (size_t i = 0; i < ws_case_count(); i++)
        CHECK(find(ws_case_at(i)->id) == ws_case_at(i));
}

TEST(ws_play, a_right_answer_is_right)
{
    CHECK(!GOES_WRONG("2.2", "\x8a\x0dHello, world!", false));
    CHECK(!GOES_WRONG("5.6", "\x8a\x04ping\x01\x03one\x80\x03two", false));
    CHECK(!GOES_WRONG("3.1", "\x88\x02\x03\xea", false));
    CHECK(!GOES_WRONG("3.1", "", true));
    CHECK(!GOES_WRONG("6.12.1", "\x88\x02\x03\xef", false));
}

TEST(ws_play, a_wrong_answer_is_noticed)
{
    CHECK(GOES_WRONG("2.2", "\x8a\x0dHello, World!", false));      /* another byte         */
    CHECK(GOES_WRONG("2.2", "", false));                           /* none                 */
    CHECK(GOES_WRONG("2.7", "\x8a\x00", false));                   /* nobody asked         */
    CHECK(GOES_WRONG("5.3", "\x82\x06onetwo", false));             /* another type         */
    CHECK(GOES_WRONG("5.6", "\x81\x06onetwo\x8a\x04ping", false)); /* another order  */
    CHECK(GOES_WRONG("5.3", "\x81\x86\0\0\0\0onetwo", false));     /* masked by a server  */
    CHECK(GOES_WRONG("5.3", "\xc1\x06onetwo", false));             /* reserved bit         */
    CHECK(GOES_WRONG("5.3", "\x81\x7e\x00\x06onetwo", false));     /* not minimal         */
    CHECK(GOES_WRONG("3.1", "\x88\x02\x03\xef", false));           /* 1007 for 1002        */
    CHECK(GOES_WRONG("3.1", "\x81\x05Hello", false));              /* echo of what is bad  */
    CHECK(GOES_WRONG("3.2", "", true));                            /* without the echo     */
    CHECK(GOES_WRONG("7.9.4", "\x88\x02\x03\xed", false));         /* 1005 echoed          */
    CHECK(GOES_WRONG("7.9.2", "\x88\x02\x03\xe8", false));         /* 1000 for 999         */
    CHECK(GOES_WRONG("7.1.3", "\x88\x02\x03\xe8\x8a\x00", false)); /* pong after close */
    CHECK(GOES_WRONG("1.1.1", "", true));                          /* dropped              */
}
