/* file.c - the handle of a file: opening, reading, writing, positions and sizes.
 *
 * A handle keeps what access it was opened with, because the descriptor may be able to do more
 * (truncating needs to write). Reads and writes with an OVERLAPPED use its position and move the
 * handle's behind what was transferred, as a synchronous handle of Windows does.
 */
#define _GNU_SOURCE
#include "file.h"
#include "object.h"

#include <errhandlingapi.h>
#include <errno.h>
#include <fcntl.h>
#include <handleapi.h>
#include <io.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <winerror.h>

struct win_file {
    struct win_object object;
    int descriptor;
    bool owned, readable, writable;
    char *remove_path; /* FILE_FLAG_DELETE_ON_CLOSE */
};

static void file_destroy(struct win_object *object)
{
    struct win_file *file = (struct win_file *)object;

    if (file->owned)
        close(file->descriptor);
    if (file->remove_path)
        unlink(file->remove_path);
    free(file->remove_path);
    free(file);
}

static const struct win_object_ops file_ops = {.kind = "file", .destroy = file_destroy};

static HANDLE file_new(int descriptor, bool owned, bool readable, bool writable, char *remove_path)
{
    struct win_file *file = calloc(1, sizeof(*file));
    HANDLE handle = NULL;

    if (file) {
        win_object_init(&file->object, &file_ops);
        file->descriptor = descriptor;
        file->owned = owned;
        file->readable = readable;
        file->writable = writable;
        file->remove_path = remove_path;
        handle = win_handle_new(&file->object);
    } else {
        if (owned)
            close(descriptor);
        free(remove_path);
    }
    if (handle)
        return handle;
    win_fail(ERROR_NOT_ENOUGH_MEMORY);
    return INVALID_HANDLE_VALUE;
}

HANDLE win_file_wrap(int descriptor, bool owned)
{
    int flags = fcntl(descriptor, F_GETFL);
    int access = flags & O_ACCMODE;

    if (flags < 0) {
        win_fail(ERROR_INVALID_HANDLE);
        return INVALID_HANDLE_VALUE;
    }
    return file_new(descriptor, owned, access != O_WRONLY, access != O_RDONLY, NULL);
}

intptr_t _get_osfhandle(int descriptor)
{
    HANDLE handle = win_file_wrap(descriptor, false);

    if (handle == INVALID_HANDLE_VALUE)
        errno = EBADF;
    return (intptr_t)handle;
}

struct win_file *win_file_use(HANDLE handle, int *descriptor)
{
    struct win_file *file = (struct win_file *)win_handle_ref(handle, &file_ops);

    if (!file)
        win_fail(ERROR_INVALID_HANDLE);
    if (descriptor)
        *descriptor = file ? file->descriptor : -1;
    return file;
}

void win_file_done(struct win_file *file)
{
    if (file)
        win_object_unref(&file->object);
}

/* ---- opening --------------------------------------------------------------------------------- */

struct opening {
    bool readable, writable;
    int flags; /* of open(2), without O_CREAT, O_EXCL, O_TRUNC */
    mode_t mode;
    DWORD disposition;
    bool existed;
};

static void access_flags(struct opening *how, DWORD access, DWORD attributes)
{
    const DWORD reads = GENERIC_READ | GENERIC_ALL | GENERIC_EXECUTE | FILE_READ_DATA;
    const DWORD writes = GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA | FILE_APPEND_DATA;
    bool truncates = how->disposition == CREATE_ALWAYS || how->disposition == TRUNCATE_EXISTING;
    bool opens_to_write = (access & writes) || truncates;

    how->readable = access & reads;
    how->writable = access & writes;
    how->flags = O_CLOEXEC | O_NOCTTY;
    how->flags |= !opens_to_write ? O_RDONLY : how->readable ? O_RDWR : O_WRONLY;
    if ((access & FILE_APPEND_DATA) && !(access & (writes & ~(DWORD)FILE_APPEND_DATA)))
        how->flags |= O_APPEND;
    if (attributes & FILE_FLAG_WRITE_THROUGH)
        how->flags |= O_SYNC;
    how->mode = attributes & FILE_ATTRIBUTE_READONLY ? 0444 : 0666;
}

static bool may_create(DWORD disposition)
{
    return disposition == CREATE_NEW || disposition == CREATE_ALWAYS || disposition == OPEN_ALWAYS;
}

static bool may_open(DWORD disposition)
{
    return disposition != CREATE_NEW;
}

/* Create, or open what is there; a file that comes or goes between the two is tried again. */
static int open_as_asked(const char *path, struct opening *how)
{
    bool truncate = how->disposition == CREATE_ALWAYS || how->disposition == TRUNCATE_EXISTING;

    for (int tries = 0; tries < 8; tries++) {
        int descriptor = -1;

        if (may_create(how->disposition)) {
            descriptor = open(path, how->flags | O_CREAT | O_EXCL, how->mode);
            if (descriptor >= 0 || errno != EEXIST || !may_open(how->disposition))
                return descriptor;
        }
        descriptor = open(path, how->flags | (truncate ? O_TRUNC : 0));
        how->existed = descriptor >= 0;
        if (descriptor >= 0 || errno != ENOENT || !may_create(how->disposition))
            return descriptor;
    }
    return -1;
}

static bool check_opening(DWORD access, DWORD disposition, DWORD attributes, HANDLE template)
{
    if (disposition < CREATE_NEW || disposition > TRUNCATE_EXISTING || template)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (disposition == TRUNCATE_EXISTING &&
        !(access & (GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA)))
        return win_fail(ERROR_INVALID_PARAMETER);
    if (attributes & (FILE_FLAG_OVERLAPPED | FILE_FLAG_OPEN_REPARSE_POINT))
        return win_fail(ERROR_NOT_SUPPORTED);
    return true;
}

/* A folder is opened only on request. */
static bool check_folder(int descriptor, DWORD attributes)
{
    struct stat info;

    if (fstat(descriptor, &info) != 0)
        return win_fail_errno(errno);
    if (S_ISDIR(info.st_mode) && !(attributes & FILE_FLAG_BACKUP_SEMANTICS))
        return win_fail(ERROR_ACCESS_DENIED);
    return true;
}

HANDLE WINAPI CreateFileA(LPCSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                          LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                          DWORD dwFlagsAndAttributes, HANDLE hTemplateFile)
{
    struct opening how = {.disposition = dwCreationDisposition};
    HANDLE handle = INVALID_HANDLE_VALUE;
    char *path, *remove_path = NULL;
    int descriptor;

    (void)dwShareMode;
    (void)lpSecurityAttributes;
    if (!check_opening(dwDesiredAccess, dwCreationDisposition, dwFlagsAndAttributes, hTemplateFile))
        return handle;
    path = win_path(lpFileName);
    if (!path)
        return handle;
    access_flags(&how, dwDesiredAccess, dwFlagsAndAttributes);
    descriptor = open_as_asked(path, &how);
    if (descriptor < 0) {
        win_fail_path(errno, path);
    } else if (!check_folder(descriptor, dwFlagsAndAttributes) ||
               ((dwFlagsAndAttributes & FILE_FLAG_DELETE_ON_CLOSE) &&
                !(remove_path = win_path_full(path)))) {
        close(descriptor);
    } else {
        handle = file_new(descriptor, true, how.readable, how.writable, remove_path);
        if (handle != INVALID_HANDLE_VALUE)
            SetLastError(how.existed && may_create(how.disposition) ? ERROR_ALREADY_EXISTS
                                                                    : ERROR_SUCCESS);
    }
    free(path);
    return handle;
}

/* ---- reading and writing --------------------------------------------------------------------- */

static off_t overlapped_offset(const OVERLAPPED *overlapped)
{
    return (off_t)((uint64_t)overlapped->OffsetHigh << 32 | overlapped->Offset);
}

static bool is_pipe(int descriptor)
{
    struct stat info;

    return fstat(descriptor, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode));
}

static ssize_t read_some(int descriptor, void *buffer, size_t size)
{
    ssize_t got;

    do {
        got = read(descriptor, buffer, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* Move to the OVERLAPPED's position, which stays there behind the transfer. */
static bool seek_overlapped(int descriptor, const OVERLAPPED *overlapped)
{
    return !overlapped || is_pipe(descriptor) ||
           lseek(descriptor, overlapped_offset(overlapped), SEEK_SET) >= 0 || errno == ESPIPE;
}

static void report(OVERLAPPED *overlapped, DWORD *count, DWORD done)
{
    if (count)
        *count = done;
    if (overlapped) {
        overlapped->Internal = 0;
        overlapped->InternalHigh = done;
    }
}

BOOL WINAPI ReadFile(HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead,
                     LPDWORD lpNumberOfBytesRead, LPOVERLAPPED lpOverlapped)
{
    int descriptor;
    struct win_file *file = win_file_use(hFile, &descriptor);
    ssize_t got = -1;
    DWORD error = ERROR_SUCCESS;

    if (lpNumberOfBytesRead)
        *lpNumberOfBytesRead = 0;
    if (!file)
        return FALSE;
    if ((!lpBuffer && nNumberOfBytesToRead) || (!lpNumberOfBytesRead && !lpOverlapped))
        error = ERROR_INVALID_PARAMETER;
    else if (!file->readable)
        error = ERROR_ACCESS_DENIED;
    else if (!seek_overlapped(descriptor, lpOverlapped) ||
             (got = read_some(descriptor, lpBuffer, nNumberOfBytesToRead)) < 0)
        error = errno == EISDIR ? ERROR_INVALID_FUNCTION : win_error_from_errno(errno);
    else if (got == 0 && nNumberOfBytesToRead && is_pipe(descriptor))
        error = ERROR_BROKEN_PIPE;
    else if (got == 0 && nNumberOfBytesToRead && lpOverlapped)
        error = ERROR_HANDLE_EOF;
    win_file_done(file);
    if (error)
        return win_fail(error);
    report(lpOverlapped, lpNumberOfBytesRead, (DWORD)got);
    return TRUE;
}

/* write(2) of everything; SIGPIPE stays away from the application. */
static bool write_all(int descriptor, const char *from, size_t size, size_t *done)
{
    sigset_t pipe_signal, before, pending;
    bool was_pending, failed = false;

    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    while (*done < size && !failed) {
        ssize_t put = write(descriptor, from + *done, size - *done);

        if (put >= 0)
            *done += (size_t)put;
        else
            failed = errno != EINTR;
    }
    int error = failed ? errno : 0;

    sigpending(&pending);
    if (error == EPIPE && !was_pending && sigismember(&pending, SIGPIPE)) {
        int taken;

        sigwait(&pipe_signal, &taken);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return !failed;
}

/* Offset and OffsetHigh all ones: append. */
static bool seek_to_write(int descriptor, const OVERLAPPED *overlapped)
{
    if (overlapped && overlapped->Offset == 0xFFFFFFFF && overlapped->OffsetHigh == 0xFFFFFFFF)
        return lseek(descriptor, 0, SEEK_END) >= 0 || errno == ESPIPE;
    return seek_overlapped(descriptor, overlapped);
}

BOOL WINAPI WriteFile(HANDLE hFile, LPCVOID lpBuffer, DWORD nNumberOfBytesToWrite,
                      LPDWORD lpNumberOfBytesWritten, LPOVERLAPPED lpOverlapped)
{
    int descriptor;
    struct win_file *file = win_file_use(hFile, &descriptor);
    DWORD error = ERROR_SUCCESS;
    size_t done = 0;

    if (lpNumberOfBytesWritten)
        *lpNumberOfBytesWritten = 0;
    if (!file)
        return FALSE;
    if ((!lpBuffer && nNumberOfBytesToWrite) || (!lpNumberOfBytesWritten && !lpOverlapped))
        error = ERROR_INVALID_PARAMETER;
    else if (!file->writable)
        error = ERROR_ACCESS_DENIED;
    else if (!seek_to_write(descriptor, lpOverlapped) ||
             !write_all(descriptor, lpBuffer, nNumberOfBytesToWrite, &done))
        error = win_error_from_errno(errno);
    win_file_done(file);
    report(lpOverlapped, lpNumberOfBytesWritten, (DWORD)done);
    return error ? win_fail(error) : TRUE;
}

/* ---- positions and sizes --------------------------------------------------------------------- */

/* Move the file's position. Returns where it is then, or -1 with the last error set. */
static long long move_to(HANDLE handle, long long distance, DWORD method)
{
    static const int origins[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    int descriptor;
    struct win_file *file = win_file_use(handle, &descriptor);
    DWORD error = ERROR_SUCCESS;
    off_t now = -1;

    if (!file)
        return -1;
    if (method > FILE_END)
        error = ERROR_INVALID_PARAMETER;
    else if ((now = lseek(descriptor, (off_t)distance, origins[method])) < 0)
        error = errno == EINVAL ? ERROR_NEGATIVE_SEEK : win_error_from_errno(errno);
    win_file_done(file);
    if (error)
        win_fail(error);
    return now;
}

DWORD WINAPI SetFilePointer(HANDLE hFile, LONG lDistanceToMove, PLONG lpDistanceToMoveHigh,
                            DWORD dwMoveMethod)
{
    long long distance = lDistanceToMove, position;

    if (lpDistanceToMoveHigh)
        distance =
            (long long)((uint64_t)(DWORD)*lpDistanceToMoveHigh << 32 | (DWORD)lDistanceToMove);
    position = move_to(hFile, distance, dwMoveMethod);
    if (position < 0)
        return INVALID_SET_FILE_POINTER;
    if (!lpDistanceToMoveHigh && position > 0xFFFFFFFFll) {
        win_fail(ERROR_INVALID_PARAMETER);
        return INVALID_SET_FILE_POINTER;
    }
    if (lpDistanceToMoveHigh)
        *lpDistanceToMoveHigh = (LONG)(position >> 32);
    SetLastError(ERROR_SUCCESS);
    return (DWORD)position;
}

BOOL WINAPI SetFilePointerEx(HANDLE hFile, LARGE_INTEGER liDistanceToMove,
                             PLARGE_INTEGER lpNewFilePointer, DWORD dwMoveMethod)
{
    long long position = move_to(hFile, liDistanceToMove.QuadPart, dwMoveMethod);

    if (position < 0)
        return FALSE;
    if (lpNewFilePointer)
        lpNewFilePointer->QuadPart = position;
    return TRUE;
}

static bool file_info(HANDLE handle, struct stat *info)
{
    int descriptor;
    struct win_file *file = win_file_use(handle, &descriptor);
    bool known = file && fstat(descriptor, info) == 0;

    if (file && !known)
        win_fail_errno(errno);
    win_file_done(file);
    return known;
}

BOOL WINAPI GetFileSizeEx(HANDLE hFile, PLARGE_INTEGER lpFileSize)
{
    struct stat info;

    if (!lpFileSize)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!file_info(hFile, &info))
        return FALSE;
    if (!S_ISREG(info.st_mode))
        return win_fail(ERROR_INVALID_FUNCTION);
    lpFileSize->QuadPart = info.st_size;
    return TRUE;
}

DWORD WINAPI GetFileSize(HANDLE hFile, LPDWORD lpFileSizeHigh)
{
    LARGE_INTEGER size = {.QuadPart = 0};

    if (!GetFileSizeEx(hFile, &size))
        return INVALID_FILE_SIZE;
    if (lpFileSizeHigh)
        *lpFileSizeHigh = (DWORD)(size.QuadPart >> 32);
    SetLastError(ERROR_SUCCESS);
    return (DWORD)size.QuadPart;
}

BOOL WINAPI SetEndOfFile(HANDLE hFile)
{
    int descriptor;
    struct win_file *file = win_file_use(hFile, &descriptor);
    DWORD error = ERROR_SUCCESS;
    off_t here;

    if (!file)
        return FALSE;
    if (!file->writable)
        error = ERROR_ACCESS_DENIED;
    else if ((here = lseek(descriptor, 0, SEEK_CUR)) < 0 || ftruncate(descriptor, here) != 0)
        error = win_error_from_errno(errno);
    win_file_done(file);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI FlushFileBuffers(HANDLE hFile)
{
    int descriptor;
    struct win_file *file = win_file_use(hFile, &descriptor);
    DWORD error = ERROR_SUCCESS;

    if (!file)
        return FALSE;
    if (!file->writable)
        error = ERROR_ACCESS_DENIED;
    else if (fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP)
        error = win_error_from_errno(errno);
    win_file_done(file);
    return error ? win_fail(error) : TRUE;
}

DWORD WINAPI GetFileType(HANDLE hFile)
{
    struct stat info;

    if (!file_info(hFile, &info))
        return FILE_TYPE_UNKNOWN;
    SetLastError(ERROR_SUCCESS);
    if (S_ISCHR(info.st_mode))
        return FILE_TYPE_CHAR;
    return S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode) ? FILE_TYPE_PIPE : FILE_TYPE_DISK;
}

BOOL WINAPI GetFileInformationByHandle(HANDLE hFile, LPBY_HANDLE_FILE_INFORMATION info)
{
    struct win_entry entry;
    struct stat found;

    if (!info)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!file_info(hFile, &found))
        return FALSE;
    win_entry_fill(&entry, &found, "");
    info->dwFileAttributes = entry.data.dwFileAttributes;
    info->ftCreationTime = entry.data.ftCreationTime;
    info->ftLastAccessTime = entry.data.ftLastAccessTime;
    info->ftLastWriteTime = entry.data.ftLastWriteTime;
    info->dwVolumeSerialNumber = (DWORD)found.st_dev;
    info->nFileSizeHigh = entry.data.nFileSizeHigh;
    info->nFileSizeLow = entry.data.nFileSizeLow;
    info->nNumberOfLinks = (DWORD)found.st_nlink;
    info->nFileIndexHigh = (DWORD)((uint64_t)found.st_ino >> 32);
    info->nFileIndexLow = (DWORD)found.st_ino;
    return TRUE;
}

BOOL WINAPI GetFileTime(HANDLE hFile, LPFILETIME lpCreationTime, LPFILETIME lpLastAccessTime,
                        LPFILETIME lpLastWriteTime)
{
    struct win_entry entry;
    struct stat info;

    if (!file_info(hFile, &info))
        return FALSE;
    win_entry_fill(&entry, &info, "");
    if (lpCreationTime)
        *lpCreationTime = entry.data.ftCreationTime;
    if (lpLastAccessTime)
        *lpLastAccessTime = entry.data.ftLastAccessTime;
    if (lpLastWriteTime)
        *lpLastWriteTime = entry.data.ftLastWriteTime;
    return TRUE;
}
