-- The ageing and the key figures of one period and currency from the raw rows alone, by their definitions: an invoice's
-- open amount is what it was issued for less what was allocated by the day, forwards; every quotient is exact.
CREATE OR REPLACE MACRO nearest(n, d) AS (
    CASE WHEN n < 0 THEN -1 ELSE 1 END * (
        abs(n) // d + CASE
            WHEN 2 * (abs(n) % d) > d OR (2 * (abs(n) % d) = d AND (abs(n) // d) % 2 = 1) THEN 1 ELSE 0 END));

CREATE OR REPLACE MACRO due_on_day(day) AS TABLE
    SELECT i.id, coalesce(
        (SELECT c.due_on FROM extension_cut c WHERE c.invoice_id = i.id AND c.cut_on <= day ORDER BY c.id DESC LIMIT 1),
        (SELECT e.due_on FROM extension e WHERE e.invoice_id = i.id AND e.granted_on <= day),
        (SELECT e.was_due_on FROM extension e WHERE e.invoice_id = i.id),
        i.due_on) AS due_on
    FROM invoice i;

CREATE OR REPLACE MACRO open_on_day(day) AS TABLE
    SELECT i.id, i.account_id, i.currency, d.due_on, date_diff('day', d.due_on, day) AS late,
        i.amount_minor - coalesce(
            (SELECT sum(a.amount_minor) FROM allocation a WHERE a.invoice_id = i.id AND a.effective_on <= day), 0) AS minor
    FROM invoice i JOIN due_on_day(day) d ON d.id = i.id
    WHERE i.status = 'issued' AND i.issued_on <= day;

CREATE OR REPLACE MACRO aged_on_day(day) AS TABLE
    SELECT currency, account_id, id, minor, CASE
        WHEN late <= 0 THEN 'current' WHEN late <= 30 THEN '1-30' WHEN late <= 60 THEN '31-60'
        WHEN late <= 90 THEN '61-90' WHEN late <= 120 THEN '91-120' ELSE 'over-120' END AS bucket
    FROM open_on_day(day) WHERE minor <> 0;

CREATE OR REPLACE MACRO free_on_day(day) AS TABLE
    SELECT * FROM (
        SELECT c.id, c.account_id, c.currency, c.amount_minor
            - coalesce((SELECT sum(a.amount_minor) FROM allocation a
                WHERE a.credit_item_id = c.id AND a.effective_on <= day), 0)
            - coalesce((SELECT sum(w.amount_minor) FROM withdrawal w
                WHERE w.credit_item_id = c.id AND w.effective_on <= day), 0) AS minor
        FROM credit_item c WHERE c.voided_at IS NULL AND c.effective_on <= day)
    WHERE minor <> 0;

CREATE OR REPLACE MACRO receivable(day, cur) AS (
    coalesce((SELECT sum(minor) FROM open_on_day(day) WHERE currency = cur), 0)
    - coalesce((SELECT sum(minor) FROM free_on_day(day) WHERE currency = cur), 0));

CREATE OR REPLACE MACRO sales_between(first, last, cur) AS (
    coalesce((SELECT sum(amount_minor) FROM invoice WHERE currency = cur AND kind = 'invoice' AND status = 'issued'
        AND issued_on BETWEEN first AND last), 0)
    - coalesce((SELECT sum(n.amount_minor) FROM credit_note n JOIN invoice i ON i.id = n.invoice_id
        WHERE n.currency = cur AND i.kind = 'invoice' AND n.issued_on BETWEEN first AND last), 0));

CREATE OR REPLACE MACRO figures_of(first, last, cur) AS TABLE
    WITH base AS (
        SELECT receivable(first - 1, cur)::HUGEINT AS opening, receivable(last, cur)::HUGEINT AS closing,
            coalesce((SELECT sum(minor) FROM aged_on_day(last) WHERE currency = cur AND bucket = 'current'), 0)::HUGEINT
                AS current,
            sales_between(first, last, cur)::HUGEINT AS sales, date_diff('day', first, last) + 1 AS span
    ), paid AS (
        SELECT sum(a.amount_minor)::HUGEINT AS amount, sum(a.amount_minor * greatest(0, date_diff('day',
            coalesce(e.was_due_on, i.due_on), a.effective_on)))::HUGEINT AS weighted
        FROM allocation a JOIN invoice i ON i.id = a.invoice_id JOIN credit_item c ON c.id = a.credit_item_id
            LEFT JOIN extension e ON e.invoice_id = i.id
        WHERE i.currency = cur AND i.status = 'issued' AND c.kind = 'payment' AND a.reverses_id IS NULL
            AND a.effective_on BETWEEN first AND last AND NOT EXISTS (
                SELECT 1 FROM allocation b WHERE b.reverses_id = a.id AND b.effective_on <= last)
    ), lag AS (
        SELECT sum(greatest(0, date_diff('day', delivered_on, issued_on)))::HUGEINT AS days, count(*) AS many
        FROM invoice WHERE currency = cur AND kind = 'invoice' AND status = 'issued' AND delivered_on IS NOT NULL
            AND issued_on BETWEEN first AND last
    ), sold AS (
        SELECT date_trunc('month', issued_on)::DATE AS month, sum(amount_minor) AS minor FROM (
            SELECT issued_on, amount_minor FROM invoice
                WHERE currency = cur AND kind = 'invoice' AND status = 'issued' AND issued_on <= last
            UNION ALL
            SELECT n.issued_on, -n.amount_minor FROM credit_note n JOIN invoice i ON i.id = n.invoice_id
                WHERE n.currency = cur AND i.kind = 'invoice' AND n.issued_on <= last) GROUP BY ALL
    ), months AS (
        SELECT date_diff('month', month, last) AS back, greatest(coalesce(minor, 0), 0)::HUGEINT AS sales,
            least(day(last_day(month)), CASE WHEN month = date_trunc('month', last) THEN day(last) ELSE 31 END) AS days
        FROM (SELECT unnest(generate_series((SELECT min(month) FROM sold), last, INTERVAL 1 MONTH))::DATE AS month)
            LEFT JOIN sold USING (month)
    ), taken AS (
        SELECT m.*, (SELECT closing FROM base) - coalesce(sum(sales) OVER (ORDER BY back
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM months m
    ), counted AS (
        SELECT sum(CASE WHEN before > 0 AND sales <= before THEN days ELSE 0 END)::HUGEINT AS whole,
            max(CASE WHEN before > 0 AND sales > before THEN days * before END)::HUGEINT AS part_n,
            max(CASE WHEN before > 0 AND sales > before THEN sales END)::HUGEINT AS part_d,
            bool_or(sales >= before) AS ends
        FROM taken
    )
    SELECT sales, opening, closing, current,
        CASE WHEN sales > 0 THEN nearest(100 * closing * span, sales) END AS dso,
        CASE WHEN sales > 0 THEN nearest(100 * current * span, sales) END AS best_possible_dso,
        CASE WHEN sales > 0 THEN nearest(100 * (closing - current) * span, sales) END AS average_days_delinquent,
        CASE WHEN closing <= 0 THEN 0 WHEN ends THEN
            100 * whole + CASE WHEN part_d IS NULL THEN 0 ELSE nearest(100 * part_n, part_d) END END AS count_back_dso,
        CASE WHEN opening + sales - current > 0
            THEN nearest(10000 * (opening + sales - closing), opening + sales - current) END AS cei,
        CASE WHEN amount > 0 THEN nearest(100 * weighted, amount) END AS weighted_average_delay,
        CASE WHEN many > 0 THEN nearest(100 * lag.days, many) END AS invoice_lag
    FROM base, paid, lag, counted;
