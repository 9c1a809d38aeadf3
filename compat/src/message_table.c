/* message_table.c - the texts of messages, in our own words.
 *
 * Sorted by code. The line end that Windows' texts have is added by FormatMessage.
 */
#include "message.h"

#include <stdlib.h>

struct entry {
    uint32_t code;
    const char *text;
};

static const struct entry system_texts[] = {
    {0, "The operation succeeded."},
    {1, "The function is not valid here."},
    {2, "The file was not found."},
    {3, "The path was not found."},
    {4, "Too many files are open."},
    {5, "Access is denied."},
    {6, "The handle is not valid."},
    {8, "There is not enough memory for this operation."},
    {11, "The file is not in the expected format."},
    {12, "The access code is not valid."},
    {13, "The data is not valid."},
    {14, "Memory is exhausted."},
    {15, "The drive was not found."},
    {16, "The current directory cannot be removed."},
    {17, "The file cannot be moved to another file system."},
    {18, "There are no more files."},
    {19, "The medium is write-protected."},
    {21, "The device is not ready."},
    {25, "The position cannot be reached on this file."},
    {29, "Writing to the device failed."},
    {30, "Reading from the device failed."},
    {31, "A device is not working."},
    {32, "The file is in use by another process."},
    {33, "Part of the file is locked by another process."},
    {38, "The end of the file was reached."},
    {39, "The disk is full."},
    {50, "The request is not supported."},
    {53, "The network path was not found."},
    {64, "The network name is no longer available."},
    {65, "Access to the network is denied."},
    {67, "The network name was not found."},
    {80, "The file exists already."},
    {82, "The file or directory cannot be created."},
    {87, "A parameter is not correct."},
    {109, "The other end of the pipe was closed."},
    {110, "The file or device cannot be opened."},
    {111, "The file name is too long."},
    {112, "There is not enough room on the disk."},
    {120, "This function is not available on this system."},
    {121, "The semaphore's time-out expired."},
    {122, "The buffer passed to the call is too small."},
    {123, "The file, directory or volume name is not well-formed."},
    {124, "The information level is not valid."},
    {126, "The module was not found."},
    {127, "The procedure was not found."},
    {131, "The position lies before the beginning of the file."},
    {145, "The directory is not empty."},
    {158, "The segment is not locked."},
    {161, "The path is not well-formed."},
    {170, "The resource is in use."},
    {183, "The file exists already; it cannot be created."},
    {193, "The file is not a valid program."},
    {203, "The environment variable was not found."},
    {206, "The file name or extension is too long."},
    {223, "The file is larger than allowed."},
    {230, "The pipe is in the wrong state."},
    {231, "All pipe instances are busy."},
    {232, "The pipe is being closed."},
    {233, "No process is at the other end of the pipe."},
    {234, "There is more data."},
    {258, "The wait timed out."},
    {259, "There is no more data."},
    {267, "The directory name is not valid."},
    {288, "The mutex does not belong to the caller."},
    {298, "The semaphore cannot be released that often."},
    {299, "Only a part of the request was completed."},
    {317, "There is no message text for this number."},
    {487, "The address is not valid."},
    {534, "The arithmetic result does not fit 32 bits."},
    {536, "A process is waiting at the other end of the pipe."},
    {995, "The operation was abandoned because a thread ended or the application asked for it."},
    {996, "The overlapped operation has not completed."},
    {997, "The overlapped operation is in progress."},
    {998, "The memory location cannot be accessed."},
    {1004, "The flags are not valid."},
    {1008, "The token does not exist."},
    {1013, "The registry key is not valid."},
    {1062, "The service has not been started."},
    {1100, "The end of the medium was reached."},
    {1113, "There is no Unicode character for this byte sequence."},
    {1114, "The initialisation of a module failed."},
    {1117, "The device reported an input or output error."},
    {1131, "A deadlock was detected."},
    {1142, "The file has too many links."},
    {1150, "A newer version of the system is needed."},
    {1168, "The element was not found."},
    {1223, "The user cancelled the operation."},
    {1225, "The remote system refused the network connection."},
    {1226, "The network connection was closed gracefully."},
    {1227, "The transport address is in use already."},
    {1229, "The network connection does not exist."},
    {1231, "The network cannot be reached."},
    {1232, "The remote host cannot be reached."},
    {1233, "The remote host does not support the protocol."},
    {1234, "No service answers at that port of the remote host."},
    {1235, "The request was aborted."},
    {1236, "The local system aborted the connection."},
    {1237, "The operation did not complete; it may be tried again."},
    {1240, "The account is not allowed to log on from here."},
    {1245, "The user is not authenticated."},
    {1246, "The work continues."},
    {1247, "The initialisation was done already."},
    {1260, "A policy forbids the operation."},
    {1306, "The security levels of the two versions do not match."},
    {1314, "The caller does not hold a required privilege."},
    {1326, "The user name or password is not correct."},
    {1344, "The access control list cannot grow."},
    {1359, "An internal error happened."},
    {1400, "The window handle is not valid."},
    {1450, "There are not enough system resources."},
    {1453, "The quota is too small."},
    {1460, "The time allowed for the operation has passed."},
    {1784, "The buffer passed to the call is not valid."},
    {1812, "The file holds no resources."},
    {1813, "The resource type was not found."},
    {1814, "The resource name was not found."},
    {1815, "The resource does not exist in that language."},
    {4390, "The file is not a link."},
    {10004, "The blocking call was interrupted."},
    {10013, "The socket may not be used that way."},
    {10022, "An argument is not valid."},
    {10024, "Too many sockets are open."},
    {10035, "The socket is not ready; the operation would block."},
    {10036, "A blocking operation is in progress."},
    {10038, "The handle is not a socket."},
    {10040, "The message is larger than the buffer."},
    {10048, "The address is in use already."},
    {10049, "The address is not valid on this machine."},
    {10050, "The network is down."},
    {10051, "The network cannot be reached."},
    {10053, "The local system aborted the connection."},
    {10054, "The remote host reset the connection."},
    {10055, "There is no buffer space left for the socket."},
    {10057, "The socket is not connected."},
    {10060, "The connection attempt timed out."},
    {10061, "The remote host refused the connection."},
    {10065, "The remote host cannot be reached."},
    {10093, "The sockets library has not been started."},
    {11001, "The host is not known."},
    {11002, "The name server did not answer; the name may exist."},
    {11004, "The name exists but has no address."},
};

static const struct entry http_texts[] = {
    {12001, "No more handles can be made."},
    {12002, "The operation timed out."},
    {12003, "The server returned extended information."},
    {12004, "An internal error happened in the HTTP stack."},
    {12005, "The URL is not well-formed."},
    {12006, "The URL's scheme is not known."},
    {12007, "The server's name could not be resolved."},
    {12008, "The protocol was not found."},
    {12009, "The option is not valid."},
    {12010, "The length of an option is not right for its type."},
    {12011, "The option cannot be set."},
    {12012, "The HTTP stack is being shut down."},
    {12013, "The user name is not correct."},
    {12014, "The password is not correct."},
    {12015, "The login failed or was not accepted."},
    {12016, "The operation is not valid here."},
    {12017, "The operation was cancelled, usually because its handle was closed."},
    {12018, "The handle is of the wrong type for this operation."},
    {12019, "The handle is in the wrong state for this operation."},
    {12020, "A session cannot go through a proxy."},
    {12021, "The registry value was not found."},
    {12022, "The registry parameter is not well-formed."},
    {12023, "Direct network access is not available."},
    {12024, "No context value was given for an asynchronous call."},
    {12025, "No callback function has been set."},
    {12026, "The request is still pending."},
    {12027, "The format of the request is not valid."},
    {12028, "The item was not found."},
    {12029, "The connection to the server could not be made."},
    {12030, "The connection to the server ended abnormally."},
    {12031, "The connection to the server was reset."},
    {12032, "The request must be sent again."},
    {12033, "The proxy request is not valid."},
    {12034, "User interaction is needed."},
    {12036, "The handle exists already."},
    {12037, "The server's certificate is expired or not valid yet."},
    {12038, "The server's certificate was made for another host name."},
    {12039, "The redirect leads from a secure to an insecure address."},
    {12040, "The redirect leads from an insecure to a secure address."},
    {12041, "The page mixes secure and insecure content."},
    {12042, "The form would change from secure to insecure."},
    {12043, "The form would be posted without security."},
    {12044, "The server asks for a client certificate."},
    {12045, "The server's certificate was issued by an authority that is not trusted."},
    {12046, "The client is not authorised on this server."},
    {12047, "The automatic proxy script reported an error."},
    {12052, "Asynchronous calls are blocked."},
    {12053, "An offline attempt was made."},
    {12054, "The settings do not allow this."},
    {12055, "The server's certificate has faults."},
    {12056, "The server's certificate does not support revocation checking."},
    {12057, "The revocation of the certificate could not be checked."},
    {12100, "The call is not allowed before the request handle is opened."},
    {12101, "The call is not allowed before the request is sent."},
    {12102, "The call is not allowed after the request is sent."},
    {12103, "The call is not allowed after the request handle is opened."},
    {12150, "The requested header was not found."},
    {12151, "The server did not return headers."},
    {12152, "The server's response is not valid HTTP."},
    {12153, "The header is not well-formed."},
    {12154, "The query is not valid."},
    {12155, "The header exists already."},
    {12156, "The redirect could not be followed."},
    {12157, "An error happened in the secure channel."},
    {12158, "The cookie could not be cached."},
    {12159, "The TCP/IP protocol is not available."},
    {12160, "The request was not redirected."},
    {12161, "The cookie needs the user's confirmation."},
    {12162, "The cookie was declined."},
    {12163, "The connection to the network was lost."},
    {12164, "The server cannot be reached."},
    {12165, "The proxy server cannot be reached."},
    {12166, "The automatic proxy script has a fault."},
    {12167, "The automatic proxy script could not be fetched."},
    {12168, "The redirect needs the user's confirmation."},
    {12169, "The certificate is not valid."},
    {12170, "The certificate was revoked."},
    {12171, "The redirect failed because of its security."},
    {12172, "The HTTP stack is not initialised."},
    {12174, "The login succeeded but entails something for the user to do."},
    {12175, "A security error happened; the secure connection could not be made."},
    {12176, "The script type of the automatic proxy configuration is not supported."},
    {12177, "The automatic proxy script could not be run."},
    {12178, "The automatic proxy configuration service is not available."},
    {12179, "The certificate is not meant for this use."},
    {12180, "No automatic proxy configuration was detected."},
    {12181, "The response has more headers than the stack accepts."},
    {12182, "A header of the response is larger than the stack accepts."},
    {12183, "The chunk headers of the response are larger than the stack accepts."},
    {12184, "The response is larger than the stack drains."},
    {12185, "The client certificate has no private key."},
    {12186, "The private key of the client certificate cannot be accessed."},
    {12187, "The proxy asks for a client certificate."},
    {12188, "The secure connection to the proxy could not be made."},
    {12190, "The server and the client do not agree on an HTTP version."},
    {12191, "A callback of the application failed."},
    {12192, "The feature is disabled."},
};

static int compare(const void *key, const void *entry)
{
    uint32_t code = *(const uint32_t *)key, other = ((const struct entry *)entry)->code;

    return code < other ? -1 : code > other;
}

static const char *find(const struct entry *table, size_t count, uint32_t code)
{
    const struct entry *found = bsearch(&code, table, count, sizeof(*table), compare);

    return found ? found->text : NULL;
}

/* The HRESULTs that are not made of a Win32 code. */
static uint32_t plain_code(uint32_t code)
{
    if ((code & 0xFFFF0000u) == 0x80070000u)
        return code & 0xFFFFu;
    switch (code) {
    case 0x80004001u: /* E_NOTIMPL */
        return 120;
    case 0x80004004u: /* E_ABORT */
        return 995;
    case 0x8000FFFFu: /* E_UNEXPECTED */
        return 1359;
    default:
        return code;
    }
}

const char *win_message_system(uint32_t code)
{
    return find(system_texts, sizeof(system_texts) / sizeof(system_texts[0]), plain_code(code));
}

const char *win_message_http(uint32_t code)
{
    uint32_t plain = (code & 0xFFFF0000u) == 0x80070000u ? code & 0xFFFFu : code;

    return find(http_texts, sizeof(http_texts) / sizeof(http_texts[0]), plain);
}
