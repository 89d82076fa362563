/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "worker/hand.h"
#include "worker/worker.h"

/* Jobs under way for each child: while one is held up, the others go on so far. */
#define WINDOW_JOBS 256

/* Results that wait for one before them. Beyond that only the child that has the first job is
 * listened to; the others wait in their sockets. Bytes. */
#define HELD_BYTES (2u * 1024 * 1024)

/* Jobs go down in one write, so many at least, unless the child has none. */
#define BUNCH_JOBS 48

/* How long children go unheard while jobs are handed in. */
#define LOOK_MICROSECONDS 1000

struct RetourPool {
	RetourPoolSettings settings;
	RetourHand *hands;        /* owned; of settings.jobs */
	struct pollfd *polls;     /* owned; one for each hand */
	RetourProgress *progress; /* owned; shared with the children */
	RetourWindow window;
	gint64 looked;
	gboolean stopped;
	int error; /* no child can be started, or none can work */
};

RetourPool *
retour_pool_new(const RetourPoolSettings *settings)
{
	guint jobs = MAX(settings->jobs, 1);
	gpointer shared = mmap(NULL, jobs * sizeof(RetourProgress), PROT_READ | PROT_WRITE,
	                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return NULL;
	RetourPool *pool = g_new0(RetourPool, 1);
	pool->settings = *settings;
	pool->settings.jobs = jobs;
	pool->progress = shared;
	pool->hands = g_new(RetourHand, jobs);
	pool->polls = g_new0(struct pollfd, jobs);
	retour_window_init(&pool->window, WINDOW_JOBS * jobs);
	for (guint i = 0; i < jobs; i++)
		retour_hand_init(&pool->hands[i], &pool->progress[i]);
	/* The first makes itself ready while the jobs are looked for; the others come as they are
	 * needed, none of them for a single job. */
	if (retour_hand_start(&pool->hands[0], &pool->settings))
		return pool;
	int error = errno;
	retour_pool_free(pool);
	errno = error;
	return NULL;
}

void
retour_pool_free(RetourPool *pool)
{
	for (guint i = 0; i < pool->settings.jobs; i++)
		retour_hand_clear(&pool->hands[i]);
	retour_window_clear(&pool->window);
	munmap(pool->progress, pool->settings.jobs * sizeof(RetourProgress));
	g_free(pool->polls);
	g_free(pool->hands);
	g_free(pool);
}

/* The hand that has least to do and wants more; one without a child if all others have something.
 */
static RetourHand *
find_hungry(RetourPool *pool)
{
	RetourHand *best = NULL, *vacant = NULL;
	for (guint i = 0; i < pool->settings.jobs; i++) {
		RetourHand *hand = &pool->hands[i];
		if (retour_hand_is_vacant(hand))
			vacant = vacant ? vacant : hand;
		else if (hand->hungry && !hand->alone && (!best || hand->n_given < best->n_given))
			best = hand;
	}
	return vacant && (!best || best->n_given > 0) ? vacant : best;
}

static RetourHand *
find_idle(RetourPool *pool)
{
	for (guint i = 0; i < pool->settings.jobs; i++) {
		if (pool->hands[i].n_given == 0)
			return &pool->hands[i];
	}
	return NULL;
}

/* Where no child can be started those that live go on; without any it is the end. */
static gboolean
start_hand(RetourPool *pool, RetourHand *hand)
{
	if (retour_hand_start(hand, &pool->settings))
		return TRUE;
	pool->error = errno;
	for (guint i = 0; i < pool->settings.jobs; i++) {
		if (pool->hands[i].n_given > 0)
			pool->error = 0;
	}
	return FALSE;
}

/* Hands jobs out in their order, one that has seen a child die to a fresh child of its own. */
static void
hand_out(RetourPool *pool)
{
	guint64 number;
	while (retour_window_find_todo(&pool->window, &number)) {
		const RetourJob *job = retour_window_get(&pool->window, number);
		gboolean alone = job->deaths > 0 || job->kills > 0;
		RetourHand *hand = alone ? find_idle(pool) : find_hungry(pool);
		if (!hand)
			return;
		if ((alone || retour_hand_is_vacant(hand)) && !start_hand(pool, hand))
			return;
		hand->alone = alone;
		retour_hand_give(hand, &pool->window, number);
	}
}

static void
send_jobs(RetourPool *pool, guint at_least)
{
	for (guint i = 0; i < pool->settings.jobs; i++) {
		RetourHand *hand = &pool->hands[i];
		guint unsent = hand->n_given - hand->n_sent;
		if (unsent >= at_least || (unsent > 0 && hand->n_sent == 0))
			retour_hand_send(hand, &pool->window);
	}
}

/* FALSE when nobody wants to hear more. */
static gboolean
deliver(RetourPool *pool)
{
	const RetourPoolSettings *settings = &pool->settings;
	const RetourJob *job;
	while (!pool->stopped && (job = retour_window_first_done(&pool->window))) {
		pool->stopped =
		        !settings->done(job->bytes, job->length, job->result ? job->result : "",
		                        job->result_length, job->cause, settings->data);
		retour_window_drop_first(&pool->window);
	}
	return !pool->stopped;
}

/* Milliseconds until the next deadline; -1 if there is none. */
static int
time_left(const RetourPool *pool)
{
	if (pool->settings.deadline_ms == 0)
		return -1;
	const gint64 deadline = (gint64)pool->settings.deadline_ms * 1000;
	const gint64 now = g_get_monotonic_time();
	gint64 left = deadline;
	for (guint i = 0; i < pool->settings.jobs; i++) {
		gint64 since = retour_hand_busy_since(&pool->hands[i]);
		if (since != 0)
			left = MIN(left, MIN(since, now) + deadline - now);
	}
	return (int)(MAX(left, 0) / 1000) + 1;
}

static char *
describe_deadline(guint ms)
{
	return ms % 1000 == 0 ? g_strdup_printf("passed the deadline of %u s", ms / 1000)
	                      : g_strdup_printf("passed the deadline of %u ms", ms);
}

static void
enforce_deadline(RetourPool *pool)
{
	const gint64 deadline = (gint64)pool->settings.deadline_ms * 1000;
	for (guint i = 0; deadline > 0 && i < pool->settings.jobs; i++) {
		gint64 since = retour_hand_busy_since(&pool->hands[i]);
		if (since == 0 || g_get_monotonic_time() - since < deadline)
			continue;
		g_autofree char *cause = describe_deadline(pool->settings.deadline_ms);
		retour_hand_bury(&pool->hands[i], &pool->window, cause);
	}
}

static struct pollfd
what_to_await(const RetourPool *pool, const RetourHand *hand)
{
	const RetourWindow *window = &pool->window;
	gboolean first = hand->n_given > 0 && hand->given[0] == window->head;
	short events = 0;
	if (first || window->held < HELD_BYTES)
		events |= POLLIN;
	if (hand->n_sent < hand->n_given)
		events |= POLLOUT;
	return (struct pollfd){ .fd = events ? hand->child.fd : -1, .events = events };
}

static gboolean
await(RetourPool *pool, gboolean wait)
{
	for (guint i = 0; i < pool->settings.jobs; i++)
		pool->polls[i] = what_to_await(pool, &pool->hands[i]);
	int ready = poll(pool->polls, pool->settings.jobs, wait ? time_left(pool) : 0);
	return ready >= 0 || errno == EINTR;
}

static gboolean
supply(RetourPool *pool)
{
	hand_out(pool);
	send_jobs(pool, 1);
	errno = pool->error;
	return errno == 0;
}

/* FALSE if no other child would do better. */
static gboolean
bury(RetourPool *pool, RetourHand *hand)
{
	retour_hand_bury(hand, &pool->window, NULL);
	if (!WIFEXITED(hand->ended) || WEXITSTATUS(hand->ended) == 0 ||
	    WEXITSTATUS(hand->ended) != pool->settings.hopeless)
		return TRUE;
	errno = pool->error = ELIBACC;
	return FALSE;
}

/* One round: waits for results if it shall, fetches and delivers them. */
static gboolean
turn(RetourPool *pool, gboolean wait)
{
	if (!supply(pool) || !await(pool, wait))
		return FALSE;
	for (guint i = 0; i < pool->settings.jobs; i++) {
		if ((pool->polls[i].revents & (POLLIN | POLLHUP | POLLERR)) &&
		    !retour_hand_receive(&pool->hands[i], &pool->window) &&
		    !bury(pool, &pool->hands[i]))
			return FALSE;
	}
	enforce_deadline(pool);
	pool->looked = g_get_monotonic_time();
	return supply(pool) && deliver(pool);
}

gboolean
retour_pool_push(RetourPool *pool, const char *job, gsize length, GBytes *tail)
{
	if (length > RETOUR_JOB_MAX || (tail && g_bytes_get_size(tail) > RETOUR_JOB_MAX)) {
		errno = EMSGSIZE;
		return FALSE;
	}
	if (pool->stopped)
		return FALSE;
	retour_window_add(&pool->window, job, length, tail);
	hand_out(pool);
	send_jobs(pool, BUNCH_JOBS);
	if (g_get_monotonic_time() - pool->looked >= LOOK_MICROSECONDS && !turn(pool, FALSE))
		return FALSE;
	while (retour_window_is_full(&pool->window)) {
		if (!turn(pool, TRUE))
			return FALSE;
	}
	return TRUE;
}

gboolean
retour_pool_finish(RetourPool *pool)
{
	while (!pool->stopped && !retour_window_is_empty(&pool->window)) {
		if (!turn(pool, TRUE))
			return FALSE;
	}
	return !pool->stopped;
}
