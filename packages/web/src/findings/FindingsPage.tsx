export function FindingsPage() {
  return (
    <div className="notice">
      <h1>FindingsPage</h1>
    </div>
  );
}
