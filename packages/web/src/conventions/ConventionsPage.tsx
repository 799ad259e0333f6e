export function ConventionsPage() {
  return (
    <div className="notice">
      <h1>ConventionsPage</h1>
    </div>
  );
}
