/* SPDX-License-Identifier: BSD-2-Clause */
#include "worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__ && !defined __ILP32__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__ && G_BYTE_ORDER == G_LITTLE_ENDIAN
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* Flags of open(2) that let a file be changed. O_TMPFILE has O_DIRECTORY in it, which reads. */
#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

/* Room for both tables below. */
#define FILTER_MAX 256

/* What the reader, libc, GLib and a sanitizer's run time need, whatever its arguments are. */
static const int free_calls[] = {
	SYS_read,
	SYS_write,
	SYS_readv,
	SYS_writev,
	SYS_pread64,
	SYS_sendto,
	SYS_recvfrom,
	SYS_close,
	SYS_lseek,
	SYS_fstat,
	SYS_newfstatat,
	SYS_statx,
	SYS_getdents64,
	SYS_readlinkat,
	SYS_faccessat,
	SYS_getcwd,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_brk,
	SYS_clock_gettime,
	SYS_clock_nanosleep,
	SYS_nanosleep,
	SYS_gettimeofday,
	SYS_restart_syscall,
	SYS_getrandom,
	SYS_futex,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_getpid,
	SYS_getppid,
	SYS_gettid,
	SYS_getuid,
	SYS_geteuid,
	SYS_getgid,
	SYS_getegid,
	SYS_uname,
	SYS_sysinfo,
	SYS_getrusage,
	SYS_exit,
	SYS_exit_group,
#ifdef __x86_64__
	SYS_stat,
	SYS_lstat,
	SYS_access,
	SYS_readlink,
	SYS_time,
#endif
};

/* Those that are allowed if (argument & mask) == value, in its low 32 bits. */
typedef struct {
	int call;
	guint argument;
	guint32 mask, value;
} Condition;

static const Condition conditions[] = {
	{ SYS_openat, 2, WRITING, O_RDONLY },
#ifdef __x86_64__
	{ SYS_open, 1, WRITING, O_RDONLY },
#endif
	/* Code comes out of files: iconv(3) loads its converters so. */
	{ SYS_mmap, 2, PROT_EXEC, 0 },
	{ SYS_mmap, 3, MAP_ANONYMOUS, 0 },
	{ SYS_mprotect, 2, PROT_EXEC, 0 },
	{ SYS_fcntl, 1, ~0u, F_GETFD },
	{ SYS_fcntl, 1, ~0u, F_SETFD },
	{ SYS_fcntl, 1, ~0u, F_GETFL },
};

/* All that Landlock knew when it was new; the rest is the filter's. */
#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITES                                                            \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |     \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |     \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |     \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |   \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)

/* The system's libraries, and the file that says where they lie. */
static const struct {
	const char *path;
	guint64 access;
} readable[] = {
	{ "/usr", READS },
	{ "/lib", READS },
	{ "/lib64", READS },
	{ "/etc/ld.so.cache", LANDLOCK_ACCESS_FS_READ_FILE },
};

/* Valgrind's own calls would go through the filter, and it lives on code that it has made; of
 * Landlock it does not know. */
static gboolean
is_under_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");
	return preload && strstr(preload, "/vgpreload_");
}

RetourSandbox
retour_sandbox_probe(void)
{
	RetourSandbox offered = 0;
	if (is_under_valgrind())
		return offered;
#ifdef ARCHITECTURE
	guint32 action = SECCOMP_RET_ERRNO;
	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0)
		offered |= RETOUR_SANDBOX_SECCOMP;
#endif
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0)
		offered |= RETOUR_SANDBOX_LANDLOCK;
	return offered;
}

static void
close_files(gboolean opens_mail)
{
	struct landlock_ruleset_attr handled = { .handled_access_fs =
		                                         opens_mail ? WRITES : WRITES | READS };
	int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
	if (rules < 0)
		return;
	for (gsize i = 0; !opens_mail && i < G_N_ELEMENTS(readable); i++) {
		struct landlock_path_beneath_attr beneath = {
			.allowed_access = readable[i].access,
			.parent_fd = open(readable[i].path, O_PATH | O_CLOEXEC)
		};
		if (beneath.parent_fd < 0)
			continue;
		syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
		close(beneath.parent_fd);
	}
	syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
}

#ifdef ARCHITECTURE
#define LOAD(what) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (guint32)offsetof(struct seccomp_data, what))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

static void
add(struct sock_fprog *filter, struct sock_filter instruction)
{
	filter->filter[filter->len++] = instruction;
}

static void
add_condition(struct sock_fprog *filter, const Condition *condition)
{
	add(filter, (struct sock_filter)LOAD(nr));
	add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
	                                         (guint32)condition->call, 0, 4));
	add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	                                         (guint32)(offsetof(struct seccomp_data, args) +
	                                                   condition->argument * sizeof(guint64))));
	add(filter, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, condition->mask));
	add(filter,
	    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, condition->value, 0, 1));
	add(filter, (struct sock_filter)ALLOW);
}

static void
close_calls(void)
{
	/* abort(3) sends a signal to itself; to nobody else. */
	const Condition itself[] = { { SYS_tgkill, 0, ~0u, (guint32)getpid() },
		                     { SYS_kill, 0, ~0u, (guint32)getpid() } };
	struct sock_filter instructions[FILTER_MAX];
	struct sock_fprog filter = { .filter = instructions };
	add(&filter, (struct sock_filter)LOAD(arch));
	add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	add(&filter, (struct sock_filter)REFUSE);
	add(&filter, (struct sock_filter)LOAD(nr));
	const gsize n = G_N_ELEMENTS(free_calls);
	for (gsize i = 0; i < n; i++)
		add(&filter,
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (guint32)free_calls[i],
		                                 (guint8)(n - i), 0));
	add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0));
	add(&filter, (struct sock_filter)ALLOW);
	for (gsize i = 0; i < G_N_ELEMENTS(conditions); i++)
		add_condition(&filter, &conditions[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(itself); i++)
		add_condition(&filter, &itself[i]);
	add(&filter, (struct sock_filter)REFUSE);
	/* The reader has no secrets of its own to be guarded against speculation, which would cost
	 * a quarter of its speed on older kernels. */
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter);
}
#else
static void
close_calls(void)
{
}
#endif

void
retour_sandbox_enter(gboolean opens_mail)
{
	/* No file grows by it; sockets and pipes are no files. */
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 0, 0 });
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || is_under_valgrind())
		return;
	close_files(opens_mail);
	close_calls();
}
