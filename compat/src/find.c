/* find.c - FindFirstFile: the entries of a folder that match a pattern, behind a handle. */
#define _GNU_SOURCE
#include "file.h"
#include "object.h"
#include "utf.h"

#include <dirent.h>
#include <errno.h>
#include <handleapi.h>
#include <stdlib.h>
#include <string.h>
#include <winerror.h>

struct find {
    struct win_object object;
    DIR *folder; /* NULL: the one entry was given already */
    char *path;  /* of the folder, with a '/'             */
    char *pattern;
};

static void find_destroy(struct win_object *object)
{
    struct find *find = (struct find *)object;

    if (find->folder)
        closedir(find->folder);
    free(find->path);
    free(find->pattern);
    free(find);
}

static const struct win_object_ops find_ops = {.kind = "find", .destroy = find_destroy};

static bool same_letter(const char *a, size_t a_left, const char *b, size_t b_left,
                        unsigned *a_used, unsigned *b_used)
{
    struct win_rune left = win_utf8_next(a, a_left), right = win_utf8_next(b, b_left);

    *a_used = left.used;
    *b_used = right.used;
    return win_lower(left.code) == win_lower(right.code) && (left.valid || right.valid || *a == *b);
}

/* '*' any run, '?' one character. Goes back only to the latest '*', so time is bounded by the
 * product of the lengths. */
static bool matches(const char *pattern, const char *name)
{
    const char *star = NULL, *resume = NULL;

    while (*name) {
        unsigned a_used = 1, b_used = win_utf8_next(name, strlen(name)).used;

        if (*pattern == '*') {
            star = ++pattern;
            resume = name;
        } else if (*pattern == '?') {
            pattern++;
            name += b_used;
        } else if (*pattern &&
                   same_letter(pattern, strlen(pattern), name, strlen(name), &a_used, &b_used)) {
            pattern += a_used;
            name += b_used;
        } else if (star) {
            resume += win_utf8_next(resume, strlen(resume)).used;
            pattern = star;
            name = resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

bool win_matches(const char *pattern, const char *name)
{
    return strcmp(pattern, "*.*") == 0 || matches(pattern, name);
}

/* The next matching entry, in the order of the file system. */
static bool next_entry(struct find *find, struct win_entry *entry)
{
    struct dirent *next;

    while (find->folder && (next = readdir(find->folder)) != NULL) {
        size_t len = strlen(find->path) + strlen(next->d_name) + 1;
        char *path = win_matches(find->pattern, next->d_name) ? malloc(len) : NULL;
        struct stat info;
        bool found;

        if (!path)
            continue;
        memcpy(path, find->path, strlen(find->path));
        memcpy(path + strlen(find->path), next->d_name, strlen(next->d_name) + 1);
        found = stat(path, &info) == 0 || lstat(path, &info) == 0;
        free(path);
        if (found) {
            win_entry_fill(entry, &info, next->d_name);
            return true;
        }
    }
    return false;
}

static bool find_start(struct find *find, const char *path, struct win_entry *entry)
{
    const char *slash = strrchr(path, '/');
    const char *last = slash ? slash + 1 : path;
    struct stat info;

    if (!*last)
        return win_fail(ERROR_FILE_NOT_FOUND);
    if (!strpbrk(last, "*?")) {
        if (stat(path, &info) != 0)
            return win_fail_path(errno, path);
        win_entry_fill(entry, &info, last);
        return true;
    }
    find->path = slash ? strndup(path, (size_t)(last - path)) : strdup("./");
    find->pattern = strdup(last);
    if (!find->path || !find->pattern)
        return win_fail(ERROR_NOT_ENOUGH_MEMORY);
    find->folder = opendir(find->path);
    if (!find->folder)
        return win_fail(errno == ENOENT || errno == ENOTDIR ? ERROR_PATH_NOT_FOUND
                                                            : win_error_from_errno(errno));
    return next_entry(find, entry) || win_fail(ERROR_FILE_NOT_FOUND);
}

HANDLE win_find_first(const char *pattern, struct win_entry *entry)
{
    char *path = win_path(pattern);
    struct find *find = path ? calloc(1, sizeof(*find)) : NULL;
    HANDLE handle = NULL;

    if (path && !find)
        win_fail(ERROR_NOT_ENOUGH_MEMORY);
    if (find) {
        win_object_init(&find->object, &find_ops);
        if (find_start(find, path, entry)) {
            handle = win_handle_new(&find->object);
            if (!handle)
                win_fail(ERROR_NOT_ENOUGH_MEMORY);
        } else {
            win_object_unref(&find->object);
        }
    }
    free(path);
    return handle ? handle : INVALID_HANDLE_VALUE;
}

bool win_find_next(HANDLE handle, struct win_entry *entry)
{
    struct find *find = (struct find *)win_handle_ref(handle, &find_ops);
    bool found;

    if (!find)
        return win_fail(ERROR_INVALID_HANDLE);
    found = next_entry(find, entry);
    win_object_unref(&find->object);
    return found || win_fail(ERROR_NO_MORE_FILES);
}

BOOL WINAPI FindClose(HANDLE hFindFile)
{
    struct win_object *find = win_handle_ref(hFindFile, &find_ops);

    if (!find)
        return win_fail(ERROR_INVALID_HANDLE);
    win_object_unref(find);
    return CloseHandle(hFindFile);
}

static void give(LPWIN32_FIND_DATAA to, const struct win_entry *entry)
{
    memset(to, 0, sizeof(*to));
    memcpy(to, &entry->data, sizeof(entry->data));
    memcpy(to->cFileName, entry->name, strnlen(entry->name, MAX_PATH - 1));
}

HANDLE WINAPI FindFirstFileA(LPCSTR lpFileName, LPWIN32_FIND_DATAA lpFindFileData)
{
    struct win_entry entry;
    HANDLE handle = win_find_first(lpFileName, &entry);

    if (handle != INVALID_HANDLE_VALUE)
        give(lpFindFileData, &entry);
    return handle;
}

BOOL WINAPI FindNextFileA(HANDLE hFindFile, LPWIN32_FIND_DATAA lpFindFileData)
{
    struct win_entry entry;

    if (!win_find_next(hFindFile, &entry))
        return FALSE;
    give(lpFindFileData, &entry);
    return TRUE;
}
