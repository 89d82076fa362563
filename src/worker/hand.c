/* SPDX-License-Identifier: BSD-2-Clause */
#include "worker/hand.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define READ_BYTES (64 * 1024)

/* A child has work before it for about so long, not more: what it has cannot be done by another. */
#define AHEAD_MICROSECONDS (10 * 1000)
#define DEPTH_MIN 2u

/* Whoever kills children at random may hit the one that tries a job once more; of a system out of
 * memory the job may be the cause. So often it is tried. */
#define KILLS_MAX 5u

void
retour_hand_init(RetourHand *hand, RetourProgress *progress)
{
	*hand = (RetourHand){ .child = { .fd = -1, .progress = progress },
		              .read = g_byte_array_new() };
}

void
retour_hand_clear(RetourHand *hand)
{
	retour_child_close(&hand->child);
	g_clear_pointer(&hand->read, g_byte_array_unref);
}

gboolean
retour_hand_start(RetourHand *hand, const RetourPoolSettings *settings)
{
	retour_child_close(&hand->child);
	g_byte_array_set_size(hand->read, 0);
	hand->alone = FALSE;
	hand->received = 0;
	hand->depth = DEPTH_MIN;
	hand->hungry = TRUE;
	return retour_child_start(&hand->child, settings);
}

gboolean
retour_hand_is_vacant(const RetourHand *hand)
{
	return hand->child.pid == 0 || (hand->alone && hand->n_given == 0);
}

void
retour_hand_give(RetourHand *hand, RetourWindow *window, guint64 number)
{
	if (hand->n_given == 0)
		hand->given_at = hand->heard_at = g_get_monotonic_time();
	retour_window_get(window, number)->state = RETOUR_JOB_GIVEN;
	hand->given[hand->n_given++] = number;
	if (hand->n_given >= hand->depth)
		hand->hungry = FALSE;
}

/* Up to @sent bytes are gone: whole frames are counted, the rest is kept in mind. */
static void
count_sent(RetourHand *hand, const RetourWindow *window, gsize sent)
{
	hand->sent_bytes += sent;
	while (hand->n_sent < hand->n_given) {
		const RetourJob *job = retour_window_get(window, hand->given[hand->n_sent]);
		gsize span = sizeof(RetourFrameHead) + retour_job_get_size(job);
		if (hand->sent_bytes < span)
			break;
		hand->sent_bytes -= span;
		hand->n_sent++;
	}
}

static void
add_piece(struct msghdr *message, gconstpointer data, gsize size)
{
	message->msg_iov[message->msg_iovlen++] = (struct iovec){ (gpointer)data, size };
}

static void
add_job(struct msghdr *message, const RetourJob *job, RetourFrameHead *head)
{
	head->length = (guint32)retour_job_get_size(job);
	add_piece(message, head, sizeof *head);
	add_piece(message, job->bytes, job->length);
	if (job->tail) {
		gsize size;
		gconstpointer data = g_bytes_get_data(job->tail, &size);
		add_piece(message, data, size);
	}
}

/* Leaves no empty piece in front. */
static void
advance(struct msghdr *message, gsize bytes)
{
	while (message->msg_iovlen > 0 && bytes >= message->msg_iov->iov_len) {
		bytes -= message->msg_iov->iov_len;
		message->msg_iov++;
		message->msg_iovlen--;
	}
	if (bytes > 0) {
		message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + bytes;
		message->msg_iov->iov_len -= bytes;
	}
}

void
retour_hand_send(RetourHand *hand, const RetourWindow *window)
{
	RetourFrameHead heads[RETOUR_HAND_DEPTH];
	struct iovec pieces[3 * RETOUR_HAND_DEPTH];
	struct msghdr message = { .msg_iov = pieces };
	for (guint i = hand->n_sent; i < hand->n_given; i++)
		add_job(&message, retour_window_get(window, hand->given[i]), &heads[i]);
	advance(&message, hand->sent_bytes);
	while (message.msg_iovlen > 0) {
		gssize sent = sendmsg(hand->child.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		/* Where the child is gone, that is seen when its results are fetched. */
		if (sent < 0)
			return;
		count_sent(hand, window, (gsize)sent);
		advance(&message, (gsize)sent);
	}
}

static void
take_result(RetourHand *hand, RetourWindow *window, const char *result, gsize length)
{
	retour_window_set_result(window, hand->given[0], result, length);
	hand->received++;
	hand->n_given--;
	hand->n_sent--;
	memmove(hand->given, hand->given + 1, hand->n_given * sizeof hand->given[0]);
}

/* How many jobs it may have follows from the time that it took over these. */
static void
pace(RetourHand *hand, guint n_results)
{
	gint64 now = g_get_monotonic_time();
	gint64 each = MAX(1, (now - hand->heard_at) / n_results);
	hand->heard_at = now;
	hand->depth = (guint)CLAMP(AHEAD_MICROSECONDS / each, DEPTH_MIN, RETOUR_HAND_DEPTH);
	if (hand->n_given <= hand->depth / 2)
		hand->hungry = TRUE;
}

static void
take_results(RetourHand *hand, RetourWindow *window)
{
	gsize at = 0, span, length;
	const char *result;
	guint n = 0;
	while (hand->n_sent > 0 &&
	       (span = retour_frame_take((char *)hand->read->data + at, hand->read->len - at,
	                                 &result, &length)) > 0) {
		take_result(hand, window, result, length);
		at += span;
		n++;
	}
	if (n > 0)
		pace(hand, n);
	g_byte_array_remove_range(hand->read, 0, (guint)at);
}

gboolean
retour_hand_receive(RetourHand *hand, RetourWindow *window)
{
	guint have = hand->read->len;
	g_byte_array_set_size(hand->read, have + READ_BYTES);
	gssize got = recv(hand->child.fd, hand->read->data + have, READ_BYTES, MSG_DONTWAIT);
	gboolean alive = hand->child.pid != 0;
	gboolean later = got < 0 && (errno == EINTR || (errno == EAGAIN && alive));
	g_byte_array_set_size(hand->read, have + (guint)MAX(got, 0));
	if (got > 0)
		take_results(hand, window);
	return later || (got > 0 && hand->read->len <= RETOUR_RESULT_MAX);
}

gint64
retour_hand_busy_since(const RetourHand *hand)
{
	const RetourProgress *progress = hand->child.progress;
	if (hand->n_given == 0)
		return 0;
	guint64 ended = atomic_load(&progress->ended);
	guint64 begun = atomic_load(&progress->begun);
	/* It has not come to its first job yet. */
	if (begun == 0)
		return MAX(hand->child.born, hand->given_at);
	return begun > ended ? atomic_load(&progress->since) : 0;
}

/* Which of the jobs in hand was being done; of what stands in the shared page nothing is believed
 * that cannot be. */
static guint
find_culprit(const RetourHand *hand)
{
	guint64 begun = atomic_load(&hand->child.progress->begun);
	guint64 ended = atomic_load(&hand->child.progress->ended);
	guint64 at = begun > ended ? begun - 1 : ended;
	return (guint)CLAMP(at, hand->received, hand->received + hand->n_given - 1) -
	       (guint)hand->received;
}

static void
blame(RetourWindow *window, guint64 number, gboolean last_try, gboolean killed, const char *cause)
{
	RetourJob *job = retour_window_get(window, number);
	gboolean last = killed ? ++job->kills == KILLS_MAX : ++job->deaths > 1;
	if (last || last_try)
		retour_window_give_up(window, number, cause);
	else
		retour_window_return(window, number);
}

void
retour_hand_bury(RetourHand *hand, RetourWindow *window, const char *cause)
{
	g_autofree char *ending = retour_child_end(&hand->child, &hand->ended);
	/* No job raises it. */
	gboolean killed = WIFSIGNALED(hand->ended) && WTERMSIG(hand->ended) == SIGKILL;
	while (retour_hand_receive(hand, window))
		continue;
	retour_child_close(&hand->child);
	guint culprit = hand->n_given > 0 ? find_culprit(hand) : 0;
	/* What was late as the first job of a fresh child was alone already, and no delivery agent
	 * waits for twice the deadline. */
	gboolean last_try = cause && culprit == 0 && hand->received == 0;
	for (guint i = 0; i < hand->n_given; i++) {
		if (i == culprit)
			blame(window, hand->given[i], last_try, killed && !cause,
			      cause ? cause : ending);
		else
			retour_window_return(window, hand->given[i]);
	}
	hand->n_given = hand->n_sent = 0;
	hand->sent_bytes = 0;
}
