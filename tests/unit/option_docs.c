/* option_docs.c - the table of options is in order, complete, and what docs/compatibility.md shows.
 *
 * The part of that file between two markers is written by this program:
 *
 *      winhttp_option_docs docs/compatibility.md write
 *
 * and compared by it, as a test, every time.
 */
#include "winhttp/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char begin_mark[] = "<!-- options: written by tests/unit/option_docs.c -->\n";
static const char end_mark[] = "<!-- options: end -->\n";

struct text {
    char *bytes;
    size_t len, room;
};

static void put(struct text *out, const char *piece)
{
    size_t len = strlen(piece);

    if (out->len + len + 1 > out->room) {
        out->room = (out->len + len + 1) * 2;
        out->bytes = realloc(out->bytes, out->room);
        if (!out->bytes)
            exit(2);
    }
    memcpy(out->bytes + out->len, piece, len + 1);
    out->len += len;
}

static const char *type_name(const struct wh_option *option)
{
    switch (option->type) {
    case WH_OPTION_NOTHING:
        return "none";
    case WH_OPTION_DWORD:
        return "DWORD";
    case WH_OPTION_BOOL:
        return "BOOL";
    case WH_OPTION_WORD:
        return "pointer";
    case WH_OPTION_TEXT:
        return "string";
    case WH_OPTION_STRUCT:
        return "structure";
    }
    return "?";
}

static const char *status_name(const struct wh_option *option)
{
    static const char *const names[] = {"supported", "partial", "no effect", "not supported"};

    return names[option->status];
}

static void put_kinds(struct text *out, unsigned kinds)
{
    static const struct {
        unsigned kind;
        const char *name;
    } names[] = {
        {WH_OPTION_PROCESS, "N"}, {WH_KIND_SESSION, "S"}, {WH_KIND_CONNECT, "C"},
        {WH_KIND_REQUEST, "R"},   {WH_KIND_SOCKET, "W"},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (kinds & names[i].kind)
            put(out, names[i].name);
}

static void put_row(struct text *out, const struct wh_option *option)
{
    char head[128];

    snprintf(head, sizeof(head), "| %s | %u | ", option->name, (unsigned)option->id);
    put(out, head);
    put(out, status_name(option));
    put(out, " | ");
    if (option->status != WH_OPTION_REFUSED)
        put(out, type_name(option));
    put(out, " | ");
    put_kinds(out, option->get);
    put(out, " | ");
    put_kinds(out, option->set);
    put(out, " | ");
    put(out, option->place == WH_PLACE_SETTINGS && option->set & WH_KIND_SESSION ? "yes" : "");
    put(out, " | ");
    put(out, option->default_text ? option->default_text : "");
    put(out, " | ");
    put(out, option->note ? option->note : "");
    put(out, " |\n");
}

static void put_table(struct text *out)
{
    put(out,
        "| Option | Number | Status | Type | Query | Set | Copied at open | Default | Notes |\n");
    put(out, "|-|-|-|-|-|-|-|-|-|\n");
    for (size_t i = 0; i < wh_option_count; i++)
        put_row(out, &wh_option_table[i]);
}

/* Ids ascend, and a row says all that its kind of row has to say. */
static int check_rows(void)
{
    int wrong = 0;

    for (size_t i = 0; i < wh_option_count; i++) {
        const struct wh_option *option = &wh_option_table[i];
        bool refused = option->status == WH_OPTION_REFUSED;
        bool plain = (option->set && !option->change) || (option->get && !option->query);
        bool fine = (i == 0 || wh_option_table[i - 1].id < option->id) &&
                    wh_option_find(option->id) == option &&
                    refused == !(option->get || option->set) &&
                    (option->status == WH_OPTION_SUPPORTED || option->note) &&
                    (!plain || option->place || option->set == WH_KIND_SOCKET) &&
                    (!plain || option->type == WH_OPTION_DWORD || option->type == WH_OPTION_BOOL);

        if (!fine) {
            printf("row %s (%u) is not in order\n", option->name, (unsigned)option->id);
            wrong = 1;
        }
    }
    return wrong;
}

static struct text read_file(const char *path)
{
    struct text text = {0};
    char piece[4096];
    FILE *file = fopen(path, "r");

    if (!file) {
        printf("%s cannot be read\n", path);
        exit(2);
    }
    while (fgets(piece, sizeof(piece), file))
        put(&text, piece);
    fclose(file);
    return text;
}

/* The header's constants, so that none is without a row. */
static int check_header(const char *path)
{
    struct text header = read_file(path);
    char *line = strtok(header.bytes, "\n");
    int wrong = 0, seen = 0;

    for (; line; line = strtok(NULL, "\n")) {
        char name[64];
        long id;

        if (sscanf(line, "#define WINHTTP_OPTION_%63[A-Z0-9_] %li", name, &id) != 2)
            continue;
        if (strncmp(name, "REDIRECT_POLICY_", 16) == 0 || strcmp(name, "SPN_MASK") == 0 ||
            strcmp(name, "REQUEST_ANNOTATION_MAX_LENGTH") == 0)
            continue; /* values of options */
        seen++;
        if (!wh_option_find((DWORD)id) || strcmp(wh_option_find((DWORD)id)->name, name) != 0) {
            printf("WINHTTP_OPTION_%s has no row\n", name);
            wrong = 1;
        }
    }
    free(header.bytes);
    if ((size_t)seen != wh_option_count) {
        printf("%d options in the header, %zu rows\n", seen, wh_option_count);
        wrong = 1;
    }
    return wrong;
}

static int compare_or_write(const char *path, bool write)
{
    struct text file = read_file(path), table = {0};
    char *from = strstr(file.bytes, begin_mark), *to = strstr(file.bytes, end_mark);
    int wrong = 0;

    put_table(&table);
    if (!from || !to) {
        printf("%s has no markers for the table of options\n", path);
        exit(2);
    }
    from += sizeof(begin_mark) - 1;
    if (write) {
        FILE *out = fopen(path, "w");

        if (!out)
            exit(2);
        fwrite(file.bytes, 1, (size_t)(from - file.bytes), out);
        fwrite(table.bytes, 1, table.len, out);
        fputs(to, out);
        wrong = fclose(out) != 0;
    } else if ((size_t)(to - from) != table.len || memcmp(from, table.bytes, table.len) != 0) {
        printf("%s does not show the table of options as it is; run this test with 'write'\n",
               path);
        wrong = 1;
    }
    free(file.bytes);
    free(table.bytes);
    return wrong;
}

int main(int argc, char **argv)
{
    int wrong = 0;

    if (argc < 3) {
        printf("usage: %s docs/compatibility.md (write | include/winhttp.h)\n", argv[0]);
        return 2;
    }
    if (strcmp(argv[2], "write") == 0)
        return compare_or_write(argv[1], true);
    wrong |= check_rows();
    wrong |= check_header(argv[2]);
    wrong |= compare_or_write(argv[1], false);
    return wrong;
}
