/* httpd_config.c - the same sites in the languages of nginx and of Apache httpd.
 *
 * Both log one line per request, when it is over:
 * local port, remote port, method, target, status, TLS version, whether the session was resumed.
 */
#include "httpd.h"
#include "test.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *or_else(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

/* ---- nginx ----------------------------------------------------------------------------------- */

static void put_nginx_head(FILE *out, const struct httpd_plan *plan)
{
    static const char *const temporary[] = {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"};

    fprintf(out,
            "daemon off;\nworker_processes 1;\npid %s/pid;\n%s"
            "error_log %s/error.log notice;\nevents { worker_connections 512; }\nhttp {\n",
            plan->dir, geteuid() == 0 ? "user root;\n" : "", plan->dir);
    for (size_t i = 0; i < sizeof(temporary) / sizeof(temporary[0]); i++)
        fprintf(out, "%s_temp_path %s/%s;\n", temporary[i], plan->dir, temporary[i]);
    fprintf(out,
            "log_format test '$server_port $remote_port $request_method $request_uri $status "
            "$ssl_protocol $ssl_session_reused';\naccess_log %s/access.log test;\n"
            "types { text/html shtml; text/plain txt; }\ndefault_type application/octet-stream;\n"
            "client_max_body_size 0;\nkeepalive_requests 100000;\nkeepalive_timeout 60;\n"
            "ssl_session_cache shared:sessions:1m;\n",
            plan->dir);
}

static void put_nginx_site(FILE *out, const struct httpd_plan *plan, unsigned i)
{
    const struct site *site = &plan->sites[i];

    fprintf(out, "server {\nlisten 127.0.0.1:%u%s;\nroot %s;\nssi on;\n", plan->ports[i],
            site->cert ? " ssl" : "", plan->www);
    if (site->cert)
        fprintf(out, "ssl_certificate %s;\nssl_certificate_key %s;\nssl_protocols %s;\n",
                cert_chain_file(site->cert), cert_key_file(site->cert),
                or_else(site->protocols, "TLSv1.2 TLSv1.3"));
    /* What a modern OpenSSL refuses to speak with its default security level. */
    if (site->protocols && !strcmp(site->protocols, "TLSv1"))
        fputs("ssl_ciphers DEFAULT@SECLEVEL=0;\n", out);
    fprintf(out,
            "location = /empty { return 204; }\nlocation = /gone { return 444; }\n"
            "location /upload/ { root %s; dav_methods PUT; }\n"
            "location /upload/small/ { root %s; dav_methods PUT; client_max_body_size 1k; }\n"
            "%s\n}\n",
            plan->uploads, plan->uploads, or_else(site->nginx, ""));
}

static void put_nginx(FILE *out, const struct httpd_plan *plan)
{
    put_nginx_head(out, plan);
    for (unsigned i = 0; i < plan->count; i++)
        put_nginx_site(out, plan, i);
    fputs("}\n", out);
}

/* ---- Apache httpd ---------------------------------------------------------------------------- */

bool httpd_has_module(const char *modules, const char *name)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/mod_%s.so", modules, name);
    return access(path, R_OK) == 0;
}

static void put_apache_module(FILE *out, const char *modules, const char *name)
{
    fprintf(out, "<IfModule !%s_module>\nLoadModule %s_module %s/mod_%s.so\n</IfModule>\n", name,
            name, modules, name);
}

/* Which of these are built in differs from one distribution to the next. */
static void put_apache_modules(FILE *out, const char *modules)
{
    static const char *const needed[] = {"mpm_event",  "unixd",         "log_config", "authz_core",
                                         "mime",       "include",       "cgi",        "alias",
                                         "setenvif",   "socache_shmcb", "headers",    "proxy",
                                         "proxy_http", "ssl",           "deflate"};

    static const char *const useful[] = {"authn_core", "authn_file",  "authz_user",
                                         "auth_basic", "auth_digest", "auth_gssapi"};

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        put_apache_module(out, modules, needed[i]);
    for (size_t i = 0; i < sizeof(useful) / sizeof(useful[0]); i++)
        if (httpd_has_module(modules, useful[i]))
            put_apache_module(out, modules, useful[i]);
}

/* Apache does not serve as root: started as root, its workers are somebody else. */
static void put_apache_user(FILE *out)
{
    const struct passwd *user;
    const struct group *group;

    if (geteuid() != 0)
        return;
    user = getpwnam("www-data");
    user = user ? user : getpwnam("nobody");
    group = user ? getgrgid(user->pw_gid) : NULL;
    CHECK(user != NULL && group != NULL);
    fprintf(out, "User %s\nGroup %s\n", user->pw_name, group->gr_name);
}

static void put_apache_head(FILE *out, const struct httpd_plan *plan)
{
    const char *dir = plan->dir;

    fprintf(out,
            "ServerRoot \"%s\"\nServerName localhost\nDefaultRuntimeDir \"%s\"\n"
            "PidFile \"%s/pid\"\nMutex \"file:%s\" default\nErrorLog \"%s/error.log\"\n",
            dir, dir, dir, dir, dir);
    put_apache_user(out);
    put_apache_modules(out, plan->modules);
    fprintf(out,
            "StartServers 1\nServerLimit 2\nThreadsPerChild 64\nMaxRequestWorkers 128\n"
            "MinSpareThreads 1\nMaxSpareThreads 128\nGracefulShutdownTimeout 5\n"
            "LogFormat \"%%{local}p %%{remote}p %%m %%U %%>s %%{SSL_PROTOCOL}x "
            "%%{SSL_SESSION_RESUMED}x\" test\nCustomLog \"%s/access.log\" test\n"
            "KeepAlive On\nMaxKeepAliveRequests 0\nKeepAliveTimeout 60\n"
            "TypesConfig /dev/null\nAddType text/html .shtml\nAddType text/plain .txt\n"
            "AddOutputFilter INCLUDES .shtml\nSSLSessionCache \"shmcb:%s/sessions(512000)\"\n"
            "SetEnvIf Request_URI \"^/old/\" force-response-1.0 downgrade-1.0\n"
            "<Directory \"%s\">\nOptions +Includes\nRequire all granted\n</Directory>\n"
            "<Directory \"%s/bin\">\nRequire all granted\n</Directory>\n",
            dir, dir, plan->www, plan->uploads);
}

static void put_apache_site(FILE *out, const struct httpd_plan *plan, unsigned i)
{
    const struct site *site = &plan->sites[i];
    unsigned port = plan->ports[i];
    const char *from = site->protocols ? site->protocols : "TLSv1.2 TLSv1.3";

    fprintf(out,
            "Listen 127.0.0.1:%u http\n<VirtualHost 127.0.0.1:%u>\nDocumentRoot \"%s\"\n"
            "Redirect 204 /empty\nScriptAlias /upload \"%s/bin/store\"\nAlias /old/ \"%s/\"\n"
            "<Location /upload/small/>\nLimitRequestBody 1024\n</Location>\n%s\n",
            port, port, plan->www, plan->uploads, plan->www, or_else(site->apache, ""));
    if (site->cert) {
        fprintf(out, "SSLEngine on\nSSLCertificateFile \"%s\"\nSSLCertificateKeyFile \"%s\"\n",
                cert_chain_file(site->cert), cert_key_file(site->cert));
        fputs("SSLProtocol -all", out);
        for (; *from; from += strcspn(from, " "), from += strspn(from, " "))
            fprintf(out, " +%.*s", (int)strcspn(from, " "), from);
        fputs("\n", out);
        if (!strcmp(or_else(site->protocols, ""), "TLSv1"))
            fputs("SSLCipherSuite DEFAULT@SECLEVEL=0\n", out);
    }
    fputs("</VirtualHost>\n", out);
}

static void put_apache(FILE *out, const struct httpd_plan *plan)
{
    put_apache_head(out, plan);
    for (unsigned i = 0; i < plan->count; i++)
        put_apache_site(out, plan, i);
}

void httpd_config_write(const struct httpd_plan *plan, const char *path)
{
    FILE *out = fopen(path, "w");

    CHECK(out != NULL);
    if (plan->kind == NGINX)
        put_nginx(out, plan);
    else
        put_apache(out, plan);
    CHECK_EQ(fclose(out), 0);
}
